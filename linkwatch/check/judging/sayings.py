"""What pages say in their titles and headings: that they are not here, a login, a domain for sale.

Wordings as the servers and content systems of each language ship them. A wording counts where it is a whole
piece of a title, so that "How we designed our 404 page", "404-bed hospital opens" and "This content is not
available in your region" are none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Saying:
    """What a page says, in one language."""

    language: str
    wording: str

    @property
    def pattern(self) -> re.Pattern[str]:
        """The wording alone. A check looks for all of them at once."""
        return re.compile(self.wording, re.IGNORECASE)


# Where a title ends and the site's name begins, and where a sentence ends; in text of single spaces.
SEPARATOR = re.compile(
    r" [-–—]+ | ?[|｜·•»«] ?|_+|[.!?؟]+(?: |$)|[。！？…।]+ ?|(?<=[\u4e00-\u9fff])[-–—]+|[-–—]+(?=[\u4e00-\u9fff])"
)
# A number in brackets behind what is said.
CODE = re.compile(
    r"\s*[(（\[]\s*(?:error|erreur|fehler|http|错误)?[\s:]*404\s*(?:error|エラー|错误|오류)?\s*[)）\]]$",
    re.IGNORECASE,
)

_SORRY = r"(?:(?:we['’]re\s+|i['’]m\s+)?sorry|oops|whoops|uh[ -]oh|error)?[,:]?\s*(?:but\s+)?"
_YOU = r"(?:(?:that\s+)?you(?:['’]re|['’]ve)?\s+(?:\w+\s+){1,4})?"
_NO = r"(?:is|was|has|could|ca|can|does|did)\s*n(?:o|['’])t\s+(?:be\s+)?(?:found|located|exist|available)"
_THE = r"(?:the\s+|this\s+|that\s+|your\s+)?(?:requested\s+)?"
_ZH_SORRY = r"(?:很?抱歉|对不起|對不起|哎呀)?[,，、 ]*"
_ZH_YOURS = (
    r"(?:您|你)?(?:所|要|想)?(?:访问|请求|查找|查看|打开|寻找|浏览|訪問|請求|瀏覽|查詢|指定)?的?"
    r"(?:该|該|此|这个|這個|这篇|這篇)?"
)
_ZH_THING = (
    r"(?:页面|网页|文章|内容|主题|帖子|稿件|视频|新闻|信息|链接|微博|日志|页|"
    r"頁面|網頁|內容|主題|影片|新聞|資訊|連結|頁)"
)
NOT_HERE = (
    Saying("any", r"(?:http\s+)?(?:error|erreur|fehler|erro|errore|ошибка|błąd|hata|lỗi|خطأ|خطای|错误|錯誤|エラー|오류)?"
                   r"[:\s]*404\s*(?::?\s*(?:error|not\s+found|page|error\s+page|错误|錯誤|页面|頁面|エラー|오류))?"),
    Saying("any", r"(?:error\s*)?404\s*:?\s*(?:this\s+|the\s+)?(?:page|file)\s+"
                   r"(?:could\s+)?not\s+(?:be\s+)?found"),
    Saying("any", r"404\s*[:：,，]?\s*(?:您|你)?(?:访问|訪問)?的?(?:页面|网页|頁面|網頁)"
                   r"(?:不存在|未找到|找不到|没有找到|沒有找到|不见了|不見了|搬家了)(?:了)?"),
    Saying("en", _SORRY + _THE +
                  r"(?:web\s?page|page|file|article|story|document|content|url|post|video|photo)\s+" + _YOU + r"(?:" +
                  _NO + r"|not\s+(?:found|available)|(?:is\s+)?no\s+longer\s+(?:available|exists?|here)|"
                  r"(?:has\s+been|was|is)\s+(?:removed|deleted))"
                  r"(?:\s+(?:on|from)\s+(?:this|our|the)\s+(?:server|site|website))?"),
    # A shop still shows what it no longer sells: of things, only those that were never there.
    Saying("en", _SORRY + _THE + r"(?:product|item|resource|record|entry|listing|job|user|blog|profile|channel)\s+(?:was\s+)?not\s+found"),
    Saying("en", _SORRY + r"(?:not|nothing(?:\s+was)?)\s+found"),
    Saying("en", r"(?:this\s+)?video\s+(?:is\s+)?unavailable|(?:http\s+)?410(?:\s+gone)?"),
    Saying("en", _SORRY + r"(?:(?:this|that|the)\s+page\s+is\s+(?:gone|missing)|page\s+missing|"
                  r"we\s+(?:can['’]t|cannot|could\s*n(?:o|['’])t)\s+find\s+what\s+you(?:['’]re|\s+are)\s+looking\s+for)"),
    Saying("en", _SORRY + r"we\s+(?:can['’]t|cannot|could\s*n(?:o|['’])t)\s+find\s+(?:the|that|your)\s+page"
                  r"(?:\s+you(?:['’]re)?(?:\s+\w+){1,4})?"),
    Saying("zh", _ZH_SORRY + _ZH_YOURS + _ZH_THING + r"(?:已经|已經|已|并|並)?"
                  r"(?:不存在|未找到|找不到|无法找到|無法找到|没有找到|沒有找到|不见|不見|无法显示|無法顯示)了?"
                  r"(?:[或、,，](?:已被?|被|者)?(?:删除|刪除|移除|审核|正在被审核|正在审核)){0,2}(?:[,，][请請].{0,20})?"),
    Saying("zh", _ZH_SORRY + _ZH_YOURS + _ZH_THING +
                  r"(?:(?:已经|已)?被(?:发布者|作者)?|已经|已經|已)(?:删除|刪除|移除|下线|下線|下架|失效)了?"
                  r"(?:或(?:不存在|已?被?移除))?(?:[,，][请請].{0,20})?"),
    Saying("zh", r"(?:页面|网页|文章|视频)去哪(?:儿|里)?了呢?"),
    Saying("zh", _ZH_SORRY + r"(?:找不到|未找到|没有找到|沒有找到|無法找到|无法找到)"
                  r"(?:该|該|此|您|你|要|所|想|訪問|访问|请求|查看|的|這個|这个)*(?:页面?|网页|文章|頁面?|網頁)"),
    Saying("fr", r"(?:oups|désolé)?[,!\s]*(?:(?:la|cette)\s+)?page\s+(?:demandée\s+)?(?:que\s+vous\s+\w+\s+)?"
                  r"(?:introuvable|non\s+trouvée|inexistante|n['’]existe\s+(?:pas|plus)|est\s+introuvable|"
                  r"n['’]a\s+pas\s+été\s+trouvée)"),
    Saying("de", r"(?:die\s+|diese\s+)?(?:gesuchte\s+|angeforderte\s+|gewünschte\s+)?(?:seite|artikel)\s+"
                  r"(?:wurde\s+|konnte\s+)?(?:leider\s+)?nicht\s+gefunden(?: werden)?"),
    Saying("de", r"(?:die|diese)\s+(?:gesuchte\s+|angeforderte\s+|gewünschte\s+)?seite\s+"
                  r"(?:existiert\s+(?:leider\s+)?nicht(?:\s+mehr)?|ist\s+(?:leider\s+)?nicht\s+mehr\s+verfügbar)"),
    Saying("es", r"(?:(?:la|esta)\s+)?página\s+(?:solicitada\s+|que\s+(?:buscas?|busca\s+usted)\s+)?"
                  r"no\s+(?:ha\s+sido\s+|fue\s+)?(?:encontrada|existe|disponible)"),
    Saying("es", r"(?:lo\s+sentimos,?\s+)?no\s+(?:se\s+(?:ha\s+)?)?(?:encontr(?:ó|ado)|encontramos|hemos\s+encontrado)\s+"
                  r"(?:la|esta)\s+página"),
    Saying("pt", r"(?:(?:a|esta)\s+)?página\s+(?:solicitada\s+|que\s+(?:você|procura)\s+(?:\w+\s+)?)?"
                  r"não\s+(?:foi\s+)?(?:encontrada|localizada|existe)"),
    Saying("it", r"(?:(?:la|questa)\s+)?pagina\s+(?:richiesta\s+|che\s+(?:cerchi|stai\s+cercando)\s+)?"
                  r"(?:non\s+(?:è\s+stata\s+)?(?:trovata|esiste)|inesistente)"),
    Saying("nl", r"(?:(?:de|deze)\s+)?(?:opgevraagde\s+)?pagina\s+(?:is\s+|werd\s+|kon\s+)?niet\s+"
                  r"(?:gevonden|worden\s+gevonden)|(?:deze|de)\s+pagina\s+bestaat\s+niet(?:\s+meer)?"),
    Saying("ca", r"(?:la\s+)?pàgina\s+no\s+(?:trobada|existeix)|no\s+s['’]ha\s+trobat\s+la\s+pàgina"),
    Saying("ro", r"(?:această\s+)?pagina\s+(?:căutată\s+)?nu\s+(?:a\s+fost\s+găsită|există|este\s+disponibilă)"),
    Saying("pl", r"(?:nie\s+znaleziono(?:\s+(?:tej\s+|takiej\s+)?strony)?|strony\s+nie\s+znaleziono|"
                  r"(?:(?:ta|podana|szukana)\s+)?strona\s+(?:nie\s+została\s+znaleziona|nie\s+istnieje))"),
    Saying("cs", r"(?:(?:požadovaná|tato|hledaná)\s+)?stránka\s+(?:nenalezena|nebyla\s+nalezena|neexistuje)"),
    Saying("sk", r"(?:(?:požadovaná|táto)\s+)?stránka\s+(?:sa\s+nenašla|nebola\s+nájdená)"),
    Saying("hu", r"(?:az?\s+)?(?:keresett\s+)?(?:oldal|lap)\s+nem\s+található"),
    Saying("sv", r"sidan\s+(?:du\s+söker\s+)?(?:hittades\s+inte|kunde\s+inte\s+hittas|finns\s+inte(?:\s+längre)?)"),
    Saying("da", r"siden\s+(?:blev\s+ikke\s+fundet|kunne\s+ikke\s+findes|findes\s+ikke(?:\s+længere)?)"),
    Saying("no", r"siden\s+(?:ble\s+ikke\s+funnet|finnes\s+ikke(?:\s+lenger)?)|(?:fant|finner)\s+ikke\s+siden"),
    Saying("fi", r"sivua\s+ei\s+(?:löydy|löytynyt)|etsimääsi\s+sivua\s+ei\s+(?:löydy|löytynyt)"),
    Saying("el", r"η\s+σελίδα\s+(?:που\s+ζητήσατε\s+|που\s+αναζητάτε\s+)?δεν\s+(?:βρέθηκε|υπάρχει)"),
    Saying("tr", r"(?:üzgünüz,?\s+)?(?:aradığ[ıi]n[ıi]z\s+)?sayfa\s+(?:bulunamad[ıi]|mevcut\s+değil)"),
    Saying("ru", r"(?:(?:запрашиваемая|эта|такая|данная)\s+)?страница\s+"
                  r"(?:не\s+(?:найдена|существует)|была\s+удалена|удалена)|такой\s+страницы\s+(?:нет|не\s+существует)"),
    Saying("uk", r"(?:(?:запитувану|цю)\s+)?сторінку\s+не\s+(?:знайдено|вдалося\s+знайти)|"
                  r"сторінка\s+не\s+(?:знайдена|існує)"),
    Saying("ar", r"(?:عذرا[ًا]?|عذرًا|عفوا[ًا]?|نأسف)?[،,\s]*(?:هذه\s+)?الصفحة"
                  r"(?:\s+المطلوبة|\s+التي\s+(?:تبحث\s+عنها|طلبتها))?\s+غير\s+(?:موجودة|متوفرة|متاحة)"),
    Saying("ar", r"(?:عذرا[ًا]?|عذرًا|عفوا[ًا]?)?[،,\s]*(?:لم\s+يتم\s+العثور|لم\s+نتمكن\s+من\s+العثور|تعذر\s+العثور)"
                  r"\s+على\s+(?:هذه\s+)?الصفحة(?:\s+المطلوبة)?"),
    Saying("fa", r"(?:متا?أ?سفانه\s+)?(?:این\s+)?صفحه(?:\s+مورد\s+نظر(?:\s+شما)?|\s+درخواستی)?\s+"
                  r"(?:یافت\s+نشد|پیدا\s+نشد|وجود\s+ندارد)"),
    Saying("he", r"(?:הדף|העמוד|דף|עמוד)\s+(?:המבוקש\s+)?(?:לא\s+נמצא|אינו\s+קיים|לא\s+קיים)"),
    Saying("hi", r"(?:क्षमा\s+करें,?\s*)?(?:यह\s+)?(?:पृष्ठ|पेज)\s+(?:नहीं\s+मिला|मौजूद\s+नहीं(?:\s+है)?)"),
    Saying("th", r"(?:ขออภัย\s*)?ไม่พบหน้า(?:เว็บ|นี้|ที่คุณ(?:ต้องการ|ค้นหา))?"),
    Saying("vi", r"(?:rất\s+tiếc,?\s+)?(?:không\s+tìm\s+thấy\s+trang(?:\s+(?:này|web))?|"
                  r"trang(?:\s+(?:này|bạn\s+(?:tìm|tìm\s+kiếm|yêu\s+cầu)))?\s+không\s+tồn\s+tại)"),
    Saying("id", r"(?:maaf,?\s+)?halaman\s+(?:(?:ini|yang\s+anda\s+(?:cari|minta|tuju))\s+)?tidak\s+"
                  r"(?:ditemukan|ada|dijumpai)"),
    Saying("ja", r"(?:お探しの|ご指定の|指定された|この|該当する)?(?:ページ|記事)(?:が|は)?"
                  r"(?:見つかりません(?:でした)?|存在しません|(?:すでに|既に)?削除されました|"
                  r"存在しないか[、,]?(?:すでに|既に)?削除され(?:ています|た可能性があります|ました))"),
    Saying("ko", r"(?:요청하신\s+|찾으시는\s+)?페이지(?:를\s*찾을\s*수\s*없습니다|가\s*존재하지\s*않습니다)|"
                  r"(?:삭제되었거나\s*)?(?:존재하지\s*않는|삭제된)\s*(?:페이지|기사|게시물|게시글)입니다"),
)  # fmt: skip
# What platforms say in the place of what they or its author took down; in any sentence of a short page.
TAKEN_DOWN = re.compile(
    r"(?:此|该|該)内容(?:已被发布者删除|因违规无法查看|被投诉且经审核涉嫌侵权[，,]?\s?无法查看|被多人投诉.{0,30}无法查看)|"
    r"该公众号已迁移|(?:抱歉[，,])?(?:此|该)微博已被(?:作者)?删除|该文章已被(?:作者|发布者)删除|"
    r"this\s+(?:video|post|tweet|photo|story)\s+(?:has\s+been|was)\s+(?:removed|deleted)(?:\s+by\s+(?:its|the)\s+(?:author|uploader|owner|user))?",
    re.IGNORECASE,
)
# All of them at once.
DENIAL = re.compile("|".join(f"(?:{saying.wording})" for saying in NOT_HERE), re.IGNORECASE)
# One of these stands in whatever DENIAL fits, case folded. Hardly any title holds one, and to look for these
# takes a seventh of the time that it takes to try all wordings.
MAY_DENY = re.compile(
    r"404|410|found|availab|exist|esist|longer|removed|deleted|gone|missing|find|locat|"
    r"introuvable|trouv|nicht|encontr|disponib|locali|trova|niet|troba|znalezion|istnieje|nalezen|található|"
    r"hitta|finns|ikke|bulunamad|mevcut|không|tidak|găsit|nenašla|nebola|löy|"
    r"δεν|найден|существует|удален|нет|знай|існує|غير|العثور|نشد|ندارد|לא|אינו|नहीं|ไม่พบ|"
    r"不存在|找不到|找到|不见|不見|法显示|法顯示|删除|刪除|移除|下线|下線|下架|失效|去哪|"
    r"見つかりません|存在し|削除|없습니다|않|삭제"
)
# What may as well be a name: of a band, a novel, a work of art. More than that speaks to a visitor.
TERSE = re.compile(r"(?:http\s+)?(?:error\s*)?404(?:\s*error|\s*page)?|(?:404\s+)?not\s+found", re.IGNORECASE)

# What a page in the place of others may be besides an error page: a gate, a notice of works, a refusal. A
# page of few words with one of these in it is no evidence that anything is gone.
PERHAPS_A_GATE = re.compile(
    r"cookie|javascript|captcha|\brobots?\b|\bhuman\b|verif|log\s?in|sign\s?in|sign\s?up|regist|subscri|\bmembers?\b|password|"
    r"premium|\btrial\b|your (?:country|region|location|browser|age)|maintenance|upgrad|back soon|be back|temporar|try again|too many|"
    r"rate limit|blocked|denied|forbidden|not allowed|permission|consent|"
    r"登录|登錄|登入|注册|註冊|验证|驗證|会员|會員|订阅|訂閱|浏览器|瀏覽器|地区|地區|维护|維護|升级|升級|稍后|稍後|频繁|頻繁|权限|權限|"
    r"connexion|connecter|inscri|anmeld|registrier|wartung|abonn|suscri|iniciar sesión|вход|войти|регистр|подпис|"
    r"ログイン|登録|メンテナンス|로그인|점검",
    re.IGNORECASE,
)
# What hosts show in the place of sites whose owners have stopped paying.
SUSPENDED = re.compile(
    r"(?:this\s+)?(?:account|web\s?site|site)\s+(?:has\s+been\s+|is\s+(?:currently\s+)?)?suspended|(?:该|此|本)?(?:站点|网站)已(?:被)?(?:暂停|停止|关闭)",
    re.IGNORECASE,
)

# What a login is called, when it is a whole piece of a title.
LOG_IN = re.compile(
    r"(?:please\s+|you\s+(?:must|need\s+to)\s+(?:be\s+)?)?(?:log(?:ged)?\s?-?in|sign(?:ed)?\s?-?in)"
    r"(?:\s+(?:required|to\s+(?:continue|your\s+account|view\s+this\s+page)))?|"
    r"(?:请|請)?(?:先)?(?:用户|用戶|会员|會員)?(?:登录|登陆|登錄|登入)|"
    r"anmelden|anmeldung|einloggen|connexion|se\s+connecter|identifiez-vous|iniciar\s+sesión|"
    r"acceder|accedi|entrar|inloggen|вход|войти|увійти|zaloguj\s+się|logowanie|giriş\s+yap|đăng\s+nhập|masuk|"
    r"تسجيل\s+الدخول|ログイン|로그인",
    re.IGNORECASE,
)
# What a domain without an owner who cares says as its whole title or heading. A story may say the same:
# only what stands at every address of the host is the domain's own word.
FOR_SALE = re.compile(
    r"(?:(?:the\s+|this\s+)?(?:premium\s+)?(?:domain(?:\s+name)?(?:\s+[\w.-]{1,253})?|(?:[\w-]{1,63}\.){1,5}[\w-]{1,63})\s+(?:is|may\s+be)\s+"
    r"(?:now\s+)?(?:for\s+sale|available\s+for\s+(?:sale|purchase))|buy\s+this\s+domain|domain\s+for\s+sale|"
    r"(?:该|此|本)?域名(?:正在)?(?:出售|转让|待售)(?:中)?|(?:diese\s+)?domain\s+(?:ist\s+zu\s+verkaufen|kaufen)|"
    r"ce\s+(?:nom\s+de\s+)?domaine\s+est\s+à\s+vendre|этот\s+домен\s+продается|домен\s+продается|"
    r"(?:este\s+)?dominio\s+(?:está\s+)?(?:en|a)\s+(?:venta|la\s+venta)|このドメインは販売中です)[.!。！]?",
    re.IGNORECASE,
)
