"""What a browser calls itself, as two words that its owner knows it by: "Chrome, Windows".

Nothing else of it is kept: versions and models would tell more of a person than they need to find a device of theirs.
"""

LONGEST = 1000  # characters that are looked at

# The first that fits: most say that they are Chrome or Safari, too.
_BROWSERS = (
    (("Edg/", "EdgA/", "EdgiOS/"), "Edge"),
    (("OPR/", "OPT/", "Opera"), "Opera"),
    (("SamsungBrowser/",), "Samsung Internet"),
    (("Line/",), "LINE"),
    (("Firefox/", "FxiOS/"), "Firefox"),
    (("Chrome/", "CriOS/", "Chromium/"), "Chrome"),
    (("Safari/",), "Safari"),
)
_SYSTEMS = (
    (("iPhone",), "iPhone"),
    (("iPad",), "iPad"),
    (("Android",), "Android"),
    (("Windows",), "Windows"),
    (("Macintosh", "Mac OS X"), "macOS"),
    (("CrOS",), "ChromeOS"),
    (("Linux", "X11"), "Linux"),
)


def told(user_agent: str) -> str:
    """Browser and system, or what of it is known; "" where nothing is."""
    said = user_agent[:LONGEST]
    found = (
        next((name for signs, name in names if any(s in said for s in signs)), "") for names in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(name for name in found if name)
