"""Rounds by meter code: electricity, chilled water, steam, hot water."""

from forest import Stage

# Buildings that were never seen: few rounds, or the trees learn the buildings by heart.
STATIC = Stage(rounds=(140, 70, 40, 40))
SHIPPED_STATIC = Stage(rounds=(120, 80, 60, 60))

PAST = {
    "blocks": Stage(rounds=(150, 200, 200, 150)),
    "forecast": Stage(rounds=(200, 200, 150, 100)),
    "unseen": Stage(rounds=(150, 150, 100, 80)),
    "shipped": Stage(rounds=(120, 120, 100, 80)),
}
