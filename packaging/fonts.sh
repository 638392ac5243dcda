#!/bin/sh
# Makes the fonts of assets/fonts again from their packages. Run it from the top of the repository, in a folder of which
# nothing is lost: it writes only to assets/fonts.
#
# Needs, from Debian: fonts-inter fonts-jetbrains-mono python3-fonttools python3-brotli; and npm, for
# lucide-static 1.62.0 (icons, ISC) and twemoji-colr-font 15.0.3 (emoji; pictures CC-BY 4.0, package OFL 1.1).
set -eu

out=assets/fonts
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Latin with all its extensions, IPA, combining marks, Greek, Cyrillic, Vietnamese, punctuation, currencies, letter-like
# signs, arrows, mathematics, box drawing, geometric shapes, and the replacement character.
text='U+0020-007E,U+00A0-024F,U+0250-02FF,U+0300-036F,U+0370-03FF,U+0400-052F,U+1E00-1EFF,U+2000-206F,U+2070-209F,U+20A0-20CF,U+2100-214F,U+2150-218F,U+2190-21FF,U+2200-22FF,U+2500-25FF,U+2600-26FF,U+2713-2717,U+FB00-FB04,U+FFFD'
features='kern,liga,calt,ccmp,locl,mark,mkmk,case,tnum'

subset() { # from, to, code points, features
    /usr/bin/python3 -m fontTools.subset "$1" --output-file="$2" --unicodes="$3" --layout-features="$4" \
        --no-hinting --name-IDs='*' --notdef-outline --drop-tables+=DSIG
}

for weight in Regular SemiBold Bold Italic; do
    subset "/usr/share/fonts/opentype/inter/Inter-$weight.otf" "$out/Inter-$weight.otf" "$text" "$features"
done
subset /usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-Regular.ttf "$out/JetBrainsMono-Regular.ttf" \
    "$text" 'kern,ccmp,locl,mark,mkmk'

(cd "$work" && npm pack --silent lucide-static@1.62.0 twemoji-colr-font@15.0.3 >/dev/null &&
    for archive in *.tgz; do tar -xzf "$archive" && mv package "${archive%.tgz}"; done)

# Each line of src/icon.rs that names an icon: `Variant = 0xE123,`.
icons=$(sed -n 's/^ *[A-Z][A-Za-z]* = 0x\([0-9A-F]*\),.*/U+\1/p' src/icon.rs | paste -sd, -)
subset "$work/lucide-static-1.62.0/font/lucide.ttf" "$out/lucide.ttf" "$icons" ''

/usr/bin/python3 - "$work/twemoji-colr-font-15.0.3/twemoji.woff2" "$out/TwemojiMozilla.ttf" <<'PYTHON'
import sys
from fontTools.ttLib import TTFont

font = TTFont(sys.argv[1])
font.flavor = None
font.save(sys.argv[2])
PYTHON

cp "$work/lucide-static-1.62.0/LICENSE" "$out/LICENSE-Lucide.txt"
cp "$work/twemoji-colr-font-15.0.3/LICENSE" "$out/LICENSE-Twemoji.txt"
