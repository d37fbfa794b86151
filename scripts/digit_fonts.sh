#!/usr/bin/env bash
# Fetches the fonts that `train digits` draws digits with into a folder: fonts that imitate the handwriting of many schools
# (npm packages of Fontsource, SIL Open Font License) and fonts of stamps and typewriters (Debian packages, free licences).
#   scripts/digit_fonts.sh FOLDER
set -euo pipefail

hands=(
    annie-use-your-telescope architects-daughter bad-script beth-ellen caveat cedarville-cursive charm coming-soon
    covered-by-your-grace crafty-girls dawning-of-a-new-day delius edu-nsw-act-foundation edu-qld-beginner edu-sa-beginner
    edu-tas-beginner edu-vic-wa-nt-beginner gaegu gamja-flower give-you-glory gloria-hallelujah gochi-hand grape-nuts
    gveret-levin handlee hi-melody homemade-apple hubballi indie-flower itim just-another-hand kalam klee-one la-belle-aurore
    league-script licorice liu-jian-mao-cao long-cang loved-by-the-king mali mansalva marck-script nanum-pen-script nerko-one
    neucha nothing-you-could-do over-the-rainbow pangolin patrick-hand permanent-marker playwrite-cz playwrite-de-grund
    playwrite-es playwrite-fr-moderne playwrite-fr-trad playwrite-hu playwrite-it-moderna playwrite-pl playwrite-ro
    playwrite-us-modern playwrite-vn reenie-beanie rock-salt schoolbell sedgwick-ave shadows-into-light shantell-sans
    short-stack square-peg sriracha sue-ellen-francisco the-girl-next-door waiting-for-the-sunrise yomogi zeyada
    zhi-mang-xing
)
packages=(
    fonts-b612 fonts-breip fonts-bwht fonts-cantarell fonts-comic-neue fonts-courier-prime fonts-dancingscript
    fonts-dejavu-core fonts-dkg-handwriting fonts-ecolier-court fonts-essays1743 fonts-femkeklaver fonts-havana
    fonts-humor-sans fonts-karla fonts-kristi fonts-lato fonts-ocr-a fonts-ocr-b fonts-oldstandard fonts-opendyslexic
    fonts-open-sans fonts-play fonts-quicksand fonts-roboto-unhinted fonts-rufscript fonts-tomsontalks
)

mkdir -p "$1"
out=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download --quiet "${packages[@]}" >/dev/null
for package in *.deb; do dpkg-deb --extract "$package" debian; done
find debian -type f \( -name '*.ttf' -o -name '*.otf' \) ! -name '*Tamil*' ! -name '*\[*' ! -name 'OCRB[EX]*' -exec cp {} "$out" \;
for hand in "${hands[@]}"; do npm pack --silent "@fontsource/$hand" >/dev/null; done
python3 -m venv venv
venv/bin/pip install --quiet fonttools
venv/bin/python - "$out" <<'UNPACK'
import glob, io, os, sys, tarfile
from fontTools.ttLib import TTFont
for package in glob.glob("*.tgz"):
    with tarfile.open(package) as tar:
        for name in tar.getnames():
            if name.endswith("-latin-400-normal.woff"):
                font = TTFont(io.BytesIO(tar.extractfile(name).read()))
                font.flavor = None
                font.save(os.path.join(sys.argv[1], os.path.basename(name)[:-5] + ".ttf"))
UNPACK
ls "$out" | wc -l
