//! A single line that has not enough room ends in an ellipsis.

use iced::advanced::text::{Hit, Paragraph as _, Span};
use iced::{Font, Point, Size};
use unicode_segmentation::UnicodeSegmentation;

use super::{Content, HAIR_SPACE, State, push};

/// What a line was shortened to, so that it is measured once.
pub(super) struct Shortened {
    whole: String,
    width: f32,
    spans: Vec<Span<'static, usize, Font>>,
}

impl<Message> Content<'_, Message> {
    /// Puts an ellipsis where the line would be wider than `width`.
    pub(super) fn shorten(&mut self, state: &mut State, width: f32) {
        if let Some(known) = &state.shortened
            && known.whole == self.plain
            && known.width == width
        {
            self.spans.clone_from(&known.spans);
            return;
        }
        let unbound = Size::new(f32::INFINITY, f32::INFINITY);
        self.shape(state, unbound);
        if state.paragraph.min_bounds().width > width {
            let room = width - self.size;
            let middle = state.paragraph.min_bounds().height / 2.0;
            let end = match state.paragraph.hit_test(Point::new(room.max(0.0), middle)) {
                Some(Hit::CharOffset(end)) => end - self.added_before(end),
                None => 0,
            };
            let fits = self.plain.grapheme_indices(true).take_while(|(at, part)| at + part.len() <= end);
            let end = fits.last().map_or(0, |(at, part)| at + part.len());
            let shown = self.plain.get(..end).unwrap_or_default().trim_end();
            let mut spans = Vec::new();
            push(&mut spans, Some(shown), None);
            spans.push(Span::new("…"));
            self.spans = spans;
        }
        state.shortened = Some(Shortened { whole: self.plain.clone(), width, spans: self.spans.clone() });
    }

    /// How many bytes of what is shown up to there are not of the text itself, but space between emoji.
    fn added_before(&self, end: usize) -> usize {
        let mut at = 0;
        let before = self.spans.iter().take_while(|span| {
            at += span.text.len();
            at <= end
        });
        before.filter(|span| span.text == HAIR_SPACE).count() * HAIR_SPACE.len()
    }
}
