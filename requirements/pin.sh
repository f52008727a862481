#!/bin/sh
# Pins base.txt, video.txt and dev.txt anew from the .in files. Needs uv (pip install uv); the index is pip's.
set -eu
cd "$(dirname "$0")/.."
pin() {
  name="$1"
  shift
  uv pip compile --quiet --python-version 3.11 --no-annotate --custom-compile-command requirements/pin.sh \
    --index-strategy unsafe-best-match ${PIP_FIND_LINKS:+--find-links "$PIP_FIND_LINKS"} \
    "requirements/$name.in" --output-file "requirements/$name.txt" "$@"
  # One pin for every build of torch: the index decides between CPU and CUDA, and the CUDA wheels come with it.
  sed -i -e 's/^\(torch==[0-9.]*\)+.*/\1/' -e '/^nvidia-.*-cu[0-9]*==/d' "requirements/$name.txt"
}
pin base "$@"
pin video --constraint requirements/base.txt "$@"
pin dev --constraint requirements/base.txt --constraint requirements/video.txt "$@"
