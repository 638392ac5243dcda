//! The icons: one set, one stroke, one font (Lucide).

use iced::widget::{Text, text};
use iced::{Color, Font, Length, alignment};

use crate::theme::{self, Theme};

/// The family of the icon font, loaded by [`theme::fonts`].
pub(crate) const FONT: Font = Font::with_name("lucide");

/// One picture. The number is its code point in the font; `packaging/fonts.sh` keeps exactly these in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(dead_code, reason = "one for each glyph of the font, shown or not")]
#[repr(u32)]
pub(crate) enum Icon {
    /// `archive` in Lucide.
    Archive = 0xE041,
    /// `arrow-down` in Lucide.
    ArrowDown = 0xE042,
    /// `arrow-left` in Lucide.
    ArrowLeft = 0xE048,
    /// `arrow-right` in Lucide.
    ArrowRight = 0xE049,
    /// `at-sign` in Lucide.
    AtSign = 0xE04E,
    /// `ban` in Lucide.
    Ban = 0xE051,
    /// `bell` in Lucide.
    Bell = 0xE059,
    /// `bell-off` in Lucide.
    BellOff = 0xE05A,
    /// `calendar` in Lucide.
    Calendar = 0xE063,
    /// `check` in Lucide.
    Check = 0xE06C,
    /// `check-check` in Lucide.
    CheckCheck = 0xE38E,
    /// `chevron-down` in Lucide.
    ChevronDown = 0xE06D,
    /// `chevron-left` in Lucide.
    ChevronLeft = 0xE06E,
    /// `chevron-right` in Lucide.
    ChevronRight = 0xE06F,
    /// `chevron-up` in Lucide.
    ChevronUp = 0xE070,
    /// `circle` in Lucide.
    Circle = 0xE076,
    /// `circle-alert` in Lucide.
    CircleAlert = 0xE077,
    /// `circle-check` in Lucide.
    CircleCheck = 0xE226,
    /// `circle-dot` in Lucide.
    CircleDot = 0xE345,
    /// `circle-minus` in Lucide.
    CircleMinus = 0xE07E,
    /// `circle-question-mark` in Lucide.
    CircleHelp = 0xE082,
    /// `clock` in Lucide.
    Clock = 0xE087,
    /// `copy` in Lucide.
    Copy = 0xE09E,
    /// `ellipsis` in Lucide.
    Ellipsis = 0xE0B6,
    /// `ellipsis-vertical` in Lucide.
    EllipsisVertical = 0xE0B7,
    /// `external-link` in Lucide.
    ExternalLink = 0xE0B9,
    /// `eye` in Lucide.
    Eye = 0xE0BA,
    /// `eye-off` in Lucide.
    EyeOff = 0xE0BB,
    /// `file` in Lucide.
    File = 0xE0C0,
    /// `folder` in Lucide.
    Folder = 0xE0D7,
    /// `globe` in Lucide.
    Globe = 0xE0E8,
    /// `hash` in Lucide.
    Hash = 0xE0EF,
    /// `image` in Lucide.
    Image = 0xE0F6,
    /// `inbox` in Lucide.
    Inbox = 0xE0F7,
    /// `info` in Lucide.
    Info = 0xE0F9,
    /// `key-round` in Lucide.
    Key = 0xE4A3,
    /// `keyboard` in Lucide.
    Keyboard = 0xE284,
    /// `languages` in Lucide.
    Languages = 0xE0FE,
    /// `link` in Lucide.
    Link = 0xE102,
    /// `loader` in Lucide.
    Loader = 0xE109,
    /// `loader-circle` in Lucide.
    LoaderCircle = 0xE10A,
    /// `lock` in Lucide.
    Lock = 0xE10B,
    /// `lock-open` in Lucide.
    LockOpen = 0xE10C,
    /// `log-in` in Lucide.
    LogIn = 0xE10D,
    /// `log-out` in Lucide.
    LogOut = 0xE10E,
    /// `menu` in Lucide.
    Menu = 0xE115,
    /// `message-circle` in Lucide.
    MessageCircle = 0xE116,
    /// `message-circle-plus` in Lucide.
    MessageCirclePlus = 0xE567,
    /// `minus` in Lucide.
    Minus = 0xE11C,
    /// `monitor` in Lucide.
    Monitor = 0xE11D,
    /// `moon` in Lucide.
    Moon = 0xE11E,
    /// `palette` in Lucide.
    Palette = 0xE1DD,
    /// `paperclip` in Lucide.
    Paperclip = 0xE12D,
    /// `pencil` in Lucide.
    Pencil = 0xE1F9,
    /// `pin` in Lucide.
    Pin = 0xE259,
    /// `plus` in Lucide.
    Plus = 0xE13D,
    /// `power` in Lucide.
    Power = 0xE140,
    /// `qr-code` in Lucide.
    QrCode = 0xE1DF,
    /// `quote` in Lucide.
    Quote = 0xE239,
    /// `refresh-cw` in Lucide.
    RefreshCw = 0xE145,
    /// `reply` in Lucide.
    Reply = 0xE22A,
    /// `search` in Lucide.
    Search = 0xE151,
    /// `send` in Lucide.
    Send = 0xE152,
    /// `server` in Lucide.
    Server = 0xE153,
    /// `settings` in Lucide.
    Settings = 0xE154,
    /// `shield` in Lucide.
    Shield = 0xE158,
    /// `shield-alert` in Lucide.
    ShieldAlert = 0xE1FE,
    /// `shield-check` in Lucide.
    ShieldCheck = 0xE1FF,
    /// `smile` in Lucide.
    Smile = 0xE164,
    /// `square-pen` in Lucide.
    SquarePen = 0xE172,
    /// `star` in Lucide.
    Star = 0xE176,
    /// `sun` in Lucide.
    Sun = 0xE178,
    /// `trash-2` in Lucide.
    Trash = 0xE18E,
    /// `triangle-alert` in Lucide.
    TriangleAlert = 0xE193,
    /// `undo-2` in Lucide.
    Undo = 0xE2A1,
    /// `upload` in Lucide.
    Upload = 0xE19E,
    /// `user` in Lucide.
    User = 0xE19F,
    /// `user-minus` in Lucide.
    UserMinus = 0xE1A1,
    /// `user-plus` in Lucide.
    UserPlus = 0xE1A2,
    /// `users` in Lucide.
    Users = 0xE1A4,
    /// `wifi` in Lucide.
    Wifi = 0xE1AE,
    /// `wifi-off` in Lucide.
    WifiOff = 0xE1AF,
    /// `x` in Lucide.
    X = 0xE1B2,
}

impl Icon {
    /// The character that draws it.
    pub(crate) fn glyph(self) -> char {
        char::from_u32(self as u32).unwrap_or(' ')
    }
}

/// An icon of the colour of the text around it, `size` pixels square.
pub(crate) fn icon<'a>(icon: Icon, size: f32) -> Text<'a, Theme> {
    text(icon.glyph())
        .font(FONT)
        .size(size)
        .line_height(text::LineHeight::Relative(1.0))
        .shaping(text::Shaping::Basic)
        .width(Length::Fixed(size))
        .height(Length::Fixed(size))
        .align_x(alignment::Horizontal::Center)
        .align_y(alignment::Vertical::Center)
}

/// An icon in a colour of the theme, as in `tinted(Icon::Lock, 16.0, |theme| theme.good)`.
pub(crate) fn tinted<'a>(which: Icon, size: f32, colour: fn(&theme::Tokens) -> Color) -> Text<'a, Theme> {
    icon(which, size).style(move |theme: &Theme| text::Style { color: Some(colour(theme.tokens())) })
}
