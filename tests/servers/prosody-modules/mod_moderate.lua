-- Lets whoever is in a room have a message moderated (XEP-0425 0.3.0), by saying `moderate ID` there, where ID is what the room calls it; and
-- `moderate before ID` in the form of before 0.3. What is said so is told to nobody. The archive is left as it is.
local st = require "util.stanza";

module:hook("muc-disco#info", function (event)
	event.reply:tag("feature", { var = "urn:xmpp:message-moderate:1" }):up();
	event.reply:tag("feature", { var = "urn:xmpp:message-moderate:0" }):up();
end);

module:hook("muc-occupant-groupchat", function (event)
	local body = event.stanza:get_child_text("body") or "";
	local before, id = body:match("^moderate (before )(%S+)$");
	if not id then before, id = "", body:match("^moderate (%S+)$"); end
	if not id then return; end
	local room, by = event.room, event.occupant.nick;
	local said = st.message({ from = room.jid, type = "groupchat", id = "moderation-" .. id });
	if before == "" then
		said:tag("retract", { xmlns = "urn:xmpp:message-retract:1", id = id })
			:tag("moderated", { xmlns = "urn:xmpp:message-moderate:1", by = by }):up()
			:text_tag("reason", "test"):up();
	else
		said:tag("apply-to", { xmlns = "urn:xmpp:fasten:0", id = id })
			:tag("moderated", { xmlns = "urn:xmpp:message-moderate:0", by = by })
			:tag("retract", { xmlns = "urn:xmpp:message-retract:0" }):up():up():up();
	end
	room:broadcast_message(said);
	return true;
end, 100);
