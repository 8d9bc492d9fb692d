"""What pages are made of: files, frames, charsets, sizes; all of them there, however odd."""

from __future__ import annotations

import gzip

from hostile.case import LOST, MENU, PROSE, PROSE_ZH, Case, html, http, ok, paper, short, story

OK, SOFT = ("ok",), ("soft_404",)
_ZH = f"<title>港口的早晨</title><h1>港口的早晨</h1><p>{PROSE_ZH * 9}</p>"
_JA = f"<title>港の朝</title><h1>港の朝</h1><p>{'その朝、港は静かで、まだ誰も北からの知らせを聞いていなかった。' * 9}</p>"
_RU = f"<title>Утро в порту</title><h1>Утро в порту</h1><p>{'В то утро в порту было тихо, и никто ещё не знал новостей с севера. ' * 9}</p>"
_GONE_ZH = "<p>您来晚了一步，这里的东西已经在去年的大整理中全部搬走了，不再保留。</p>"
_MIME = "image/png"


def _file(kind: str, data: bytes) -> bytes:
    return ok(data, kind)


CASES = [
    Case("pdf", "a PDF", paper(_file("application/pdf", b"%PDF-1.7\n" + bytes(9000)), path="/paper.pdf"), OK, path="/paper.pdf"),
    Case("pdf-no-more", "a page in the place of a PDF, as at every address",
         paper(ok(short("Page not found")), ok(short("Page not found")), path="/paper.pdf"), SOFT, path="/paper.pdf"),
    Case("png", "a picture", paper(_file(_MIME, b"\x89PNG\r\n\x1a\n" + bytes(99)), path="/a.png"), OK, path="/a.png"),
    Case("png-as-html", "a picture that is called HTML", paper(ok(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9), path="/a.png"),
         OK, trap=True, path="/a.png"),
    Case("json", "an answer for programs", paper(_file("application/json", b'{"items": [], "error": null}')), OK, trap=True),
    Case("feed", "a feed", paper(_file("application/rss+xml", b"<rss><channel><title>404</title></channel></rss>")), OK,
         trap=True),
    Case("text", "a note in plain text", paper(_file("text/plain", b"Page not found: a history in five lines.")), OK,
         trap=True),
    Case("frameset", "a page made of frames",
         paper(ok("<title>Archive</title><frameset cols='20%,80%'><frame src=a.html><frame src=b.html></frameset>")), OK,
         trap=True),
    Case("one-picture", "a page that is one picture",
         paper(ok("<title>Plate 7</title><img src=7.jpg alt='The harbour at night, seen from the tower'>"),
               lambda _: ok("<title>Plate</title><img src=0.jpg alt='The harbour at night, seen from the tower'>")), OK,
         trap=True),
    Case("one-film", "a page that is one film",
         paper(ok("<title>Film</title><video src=7.mp4></video><p>The harbour at night, a film.</p>"),
               lambda _: ok("<title>Film</title><video src=8.mp4></video><p>The harbour at night, a film.</p>")), OK,
         trap=True),
    Case("one-sound", "a page that is one recording, under the same words as all",
         paper(ok("<title>Tape</title><audio src=7.mp3></audio><p>Tapes from the harbour archive.</p>"),
               lambda _: ok("<title>Tape</title><audio src=8.mp3></audio><p>Tapes from the harbour archive.</p>")), OK,
         trap=True),
    Case("latin-1", "Latin-1 that nobody declares",
         paper(ok(story("Die Größe der Häfen", "Übermäßig große Häfen. ").encode("latin-1"), "text/html")), OK, trap=True),
    Case("gbk", "GBK that nobody declares", paper(ok(_ZH.encode("gbk"), "text/html")), OK, trap=True),
    Case("big5", "Big5 that nobody declares",
         paper(ok("<title>港口的早晨</title><p>那天早晨港口很安靜，沒有人聽到北方傳來的消息。".encode("big5"), "text/html")), OK,
         trap=True),
    Case("shift-jis", "Shift_JIS that nobody declares", paper(ok(_JA.encode("shift_jis"), "text/html")), OK, trap=True),
    Case("windows-1251", "windows-1251 that is called UTF-8", paper(ok(_RU.encode("windows-1251"))), OK, trap=True),
    Case("utf-16-mark", "UTF-16 that only its first bytes tell", paper(ok(_ZH.encode("utf-16"), "text/html")), OK,
         trap=True),
    Case("utf-16-bare", "UTF-16 that nothing tells", paper(ok(_ZH.encode("utf-16-le"), "text/html")), OK, trap=True),
    Case("no-charset", "a charset that does not exist", paper(ok(story(), "text/html; charset=klingon-8")), OK, trap=True),
    Case("lost-in-gbk", "words that no table knows, in GBK that nobody declares, at every address",
         paper(ok(_GONE_ZH.encode("gbk"), "text/html"), ok(_GONE_ZH.encode("gbk"), "text/html")), SOFT),
    Case("xhtml", "XHTML by its type",
         paper(ok(f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>A</title></head><body><p>{PROSE}</p></body></html>',
                  "application/xhtml+xml")), OK, trap=True),
    Case("capitals", "a type in capitals", paper(ok(story(), "TEXT/HTML")), OK, trap=True),
    Case("five-megabytes", "a page of five megabytes", paper(ok(html("The log", f"<p>{PROSE * 60_000}</p>"))), OK,
         trap=True),
    Case("deep", "fifty thousand elements, each in the last",
         paper(ok(html("Deep", "<div>" * 50_000 + PROSE * 9))), OK, trap=True),
    Case("long-title", "a title of a megabyte", paper(ok(html("word " * 200_000, PROSE * 9))), OK, trap=True),
    Case("nulls", "zeros between the letters", paper(ok(story().replace("h", "h\0"))), OK, trap=True),
    Case("escapes", "a title that would take over a terminal",
         paper(ok(story("\x1b]0;owned\x07\x1b[2J\u202egnp.exe"))), OK, trap=True),
    Case("twice-packed", "packed twice, and said once",
         paper(ok(gzip.compress(gzip.compress(story().encode())), Content_Encoding="gzip")), OK, trap=True),
    Case("x-gzip", "packed, by the older name", paper(ok(gzip.compress(story().encode()), Content_Encoding="x-gzip")), OK,
         trap=True),
    Case("comment-only", "nothing but a comment", paper(ok("<!-- nothing here yet -->")), OK, trap=True),
    Case("no-script", "a page for who has no scripts says that it is not there",
         paper(ok("<title>App</title><noscript><h1>Page not found</h1></noscript><div id=app></div><script src=a.js></script>"),
               LOST), OK, trap=True),
    Case("hidden-heading", "a template holds the heading of the error page",
         paper(ok(story().replace("</body>", "<template><h1>Page not found</h1></template></body>"))), OK, trap=True),
    Case("drawn-title", "a drawing is titled 404, the page is not",
         paper(ok(f"<svg><title>404</title></svg><title>Icons</title><p>{PROSE}</p>")), OK, trap=True),
    Case("no-content-lost", "404 with a film in its place", paper(http("404 Not Found", bytes(99), "video/mp4")), ("http_404",)),
    Case("menu-only", "a page of nothing but links", paper(ok(html("Sections", MENU))), OK, trap=True),
]  # fmt: skip
