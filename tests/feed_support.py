"""What the tests of feeds share: a configuration against tools/feed-standin, and the formats that a program knows."""

import re

KEY = "standin-key"


def known_formats(spoor):
    """The names that `spoor import --format` takes."""
    said = spoor.run("import", "--format", "none-of-them", "nothing", status=2).stderr
    return set(re.findall(r"[a-z-]+", said.rsplit("expected one of", 1)[-1]))


def tables(spoor, url):
    """(name, format it needs, table) of each kind that the stand-in serves."""
    key = spoor.folder / "feed.key"
    key.write_text(KEY + "\n")
    key.chmod(0o600)
    secret = f'key_file = "{key}"\n'
    return [
        ("hosts", "list", f'kind = "url"\nurl = "{url}/hosts.txt"\n'),
        ("packed", "list", f'kind = "url"\nurl = "{url}/hosts.zip"\nformat = "list"\ntlp = "red"\n'),
        ("table", "csv", f'kind = "url"\nurl = "{url}/hosts.csv"\nabsent = "kept"\n'),
        ("private", "list", f'kind = "url"\nurl = "{url}/private.txt"\n' + secret),
        ("fox", "threatfox", f'kind = "threatfox"\nurl = "{url}/threatfox/api/v1/"\n' + secret),
        ("folder", "misp", f'kind = "misp-feed"\nurl = "{url}/misp-feed"\n'),
        ("server", "misp", f'kind = "misp"\nurl = "{url}/misp"\npage_size = 5\n' + secret),
        ("taxii", "stix", f'kind = "taxii"\nurl = "{url}/taxii2/"\ncollection = "Made indicators"\nuser = "analyst"\n' + secret),
    ]


def write_config(spoor, url, only=None, extra="", formats=None):
    """spoor.toml with every kind whose format the program knows, or with those named. Returns the names."""
    formats = known_formats(spoor) if formats is None else formats
    chosen = [(name, text) for name, needs, text in tables(spoor, url)
              if needs in formats and (only is None or name in only)]
    spoor.config = spoor.folder / "spoor.toml"
    spoor.config.write_text("".join(f'[[feed]]\nname = "{name}"\n{text}{extra}' for name, text in chosen))
    return [name for name, _ in chosen]
