//! A server that accepts and closes a hundred times, while a message waits: it is met ten times in the first minute at most, and what
//! waits is neither lost nor doubled.

use std::path::Path;
use std::time::Duration;

use causerie_model::{Change, MessageState};
use causerie_protocol::Effect;

use crate::player::Player;
use crate::script::{Script, Step};

/// How often it closes.
const TIMES: usize = 100;
/// How often it may be met in a minute.
const MOST: usize = 10;
const MINUTE: Duration = Duration::from_secs(60);
/// By how much the clock is moved at a time.
const TICK: Duration = Duration::from_millis(100);
/// No wait is longer than five minutes; with some to spare.
const LONGEST: Duration = Duration::from_secs(400);

/// How far a connection gets before it is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Until {
    Open,
    /// The password has been said, and the proof of the server is missing.
    Password,
    /// All is well, what waits was sent, and nobody has said that it came.
    Online,
    /// The same on a managed stream (XEP-0198), which is not taken up again.
    Managed,
}

/// What was seen.
#[derive(Debug, Default)]
struct Seen {
    /// When a connection was asked for.
    met: Vec<Duration>,
    clock: Duration,
    is_asked: bool,
    sent: usize,
    states: Vec<MessageState>,
}

/// Plays it for all that a connection can get to.
pub fn check(root: &Path) -> Result<(), String> {
    for until in [Until::Open, Until::Password, Until::Online, Until::Managed] {
        close(root, until).map_err(|why| format!("{until:?}: {why}"))?;
    }
    Ok(())
}

fn close(root: &Path, until: Until) -> Result<(), String> {
    let text = "# Attack B9\nclear: bob@example.org\npending: to=bob@example.org id=waits body=\"Hi\"\n";
    let script = Script::parse(text, root)?;
    let mut player = Player::new(&script)?;
    let mut seen = Seen::default();
    seen.play(&mut player, root, "! connect\n")?;
    for number in 1..=TIMES {
        seen.wait(&mut player)?;
        let lines = connection(until, number);
        seen.play(&mut player, root, &format!("{lines}! disconnected ConnectionLost\n"))?;
    }
    let first = seen.met.first().copied().ok_or("nobody came")?;
    let in_first = seen.met.iter().filter(|met| **met < first + MINUTE).count();
    if in_first > MOST || seen.met.len() != TIMES {
        return Err(format!("{in_first} in the first minute, {} in all: {:?}", seen.met.len(), seen.met));
    }
    // And never so many in a minute after that.
    let is_hammered = seen.met.windows(MOST + 1).any(|some| some[MOST] < some[0] + MINUTE);
    if is_hammered {
        return Err(format!("more than {MOST} in a minute: {:?}", seen.met));
    }
    // Nobody has said that it came: it goes out once on each connection that gets so far, and waits behind that.
    let (bound, most) = match until {
        Until::Open | Until::Password => (0, 0),
        Until::Online | Until::Managed => (TIMES, TIMES),
    };
    if seen.sent != most || !seen.states.is_empty() {
        return Err(format!("the message was sent {} times, and is {:?}", seen.sent, seen.states));
    }
    // A server that stays gets it.
    seen.wait(&mut player)?;
    seen.play(&mut player, root, &connection(Until::Online, bound + 1))?;
    match seen.sent == most + 1 {
        true => Ok(()),
        false => Err(format!("the message was sent {} times in the end", seen.sent)),
    }
}

/// What the server says, up to the end. So often it gave an address, this time included.
fn connection(until: Until, number: usize) -> String {
    let bind = if number == 1 { "$bind".to_owned() } else { format!("$bind{number}") };
    let mut lines = "! connected\n".to_owned();
    if until == Until::Open {
        return lines;
    }
    lines += "< <stream:features>{mechanisms:SCRAM-SHA-1}</stream:features>\n\
              < <sasl:challenge>{base64:r=$nonce.srv,s=QSXCR+Q6sek8bf92,i=4096}</sasl:challenge>\n";
    if until == Until::Password {
        return lines;
    }
    lines += "< <sasl:success>{base64:v=$signature}</sasl:success>\n";
    if until == Until::Online {
        lines += "< <stream:features><bind:bind/></stream:features>\n";
    } else {
        lines += "< <stream:features><bind:bind/><sm:sm/></stream:features>\n";
        if number > 1 {
            lines += "< <sm:failed/>\n";
        }
    }
    lines += &format!(
        "< <iq type='result' id='{bind}'><bind:bind><bind:jid>alice@example.org/x</bind:jid></bind:bind></iq>\n"
    );
    if until == Until::Managed {
        lines += &format!("< <sm:enabled id='s{number}' resume='true' max='300'/>\n");
    }
    let named = |name: &str, number: usize| match number {
        1 => format!("${name}"),
        _ => format!("${name}{number}"),
    };
    let none =
        "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
    for (from, id) in [
        ("alice@example.org", named("disco", 2 * number - 1)),
        ("example.org", named("disco", 2 * number)),
        ("alice@example.org", named("roster", number)),
    ] {
        lines += &format!("< <iq type='error' from='{from}' id='{id}'>{none}</iq>\n");
    }
    lines
}

impl Seen {
    /// Lets something happen.
    fn play(&mut self, player: &mut Player, root: &Path, lines: &str) -> Result<(), String> {
        let script = Script::parse(&format!("# Attack B9\n{lines}"), root)?;
        script.steps.iter().try_for_each(|step| self.step(player, step))
    }

    fn step(&mut self, player: &mut Player, step: &Step) -> Result<(), String> {
        let effects = player.step(step).map_err(|why| format!("{} {}: {why}", step.kind, step.text))?;
        player.capture(step, &effects);
        for effect in effects {
            match effect {
                Effect::Connect(_) => {
                    self.met.push(self.clock);
                    self.is_asked = true;
                }
                Effect::Send(stanza) if stanza.attr("id") == Some("waits") => self.sent += 1,
                Effect::Record(Change::MessageStateChanged { state, .. }) => self.states.push(state),
                _ => {}
            }
        }
        Ok(())
    }

    /// Moves the clock until a connection is asked for.
    fn wait(&mut self, player: &mut Player) -> Result<(), String> {
        let end = self.clock + LONGEST;
        let tick = Script::parse(&format!("# Time\n@ +{}ms\n", TICK.as_millis()), Path::new("."))?;
        while !self.is_asked {
            self.clock += TICK;
            if self.clock > end {
                return Err(format!("nobody comes any more after {} connections", self.met.len()));
            }
            tick.steps.iter().try_for_each(|step| self.step(player, step))?;
        }
        self.is_asked = false;
        Ok(())
    }
}
