#!/bin/sh
# captcha.sh ANSWER: what ejabberd runs for a picture. The answer is written down for the test, in the file that $CAUSERIE_CAPTCHA names;
# the picture, on standard output, shows it where ImageMagick is there, and is a white dot otherwise.
printf '%s\n' "$1" >> "$CAUSERIE_CAPTCHA"
if command -v convert > /dev/null 2>&1; then
  exec convert -size 240x80 -background white -fill black -gravity center "label:$1" png:-
fi
echo iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAGtmz2AAAAABJRU5ErkJggg== | base64 -d
