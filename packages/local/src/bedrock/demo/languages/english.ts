import type { Language } from "./language.ts";

const files = (count: number) => (count === 1 ? "1 file" : `${count} files`);
const subject = String.raw`["'“‘\x60]?(?<from>.+?)["'”’\x60]?`;
const target = String.raw`["'“‘\x60]?(?<to>.+?)["'”’\x60]?`;
const please = String.raw`(?:(?:please|pls|now|ok(?:ay)?|then|and|also|hey|can you|could you|would you|i want you to|i'd like you to)[\s,]+)*`;
const command = (pattern: string) =>
  new RegExp(`^${please}${pattern}(?:,? (?:please|pls|thanks|thank you))?[\\s.!?]*$`, "i");

export const english: Language = {
  code: "en",
  functionWords:
    "the an is are was with for and of to my me you your please build make create want need would like can could should that this which what how it from into i'd don't change rename replace delete remove explain add undo file files page text color colour there our we i've it's let's new show where everywhere",
  heard: {
    landing: String.raw`landing ?pages?|one[- ]?page(?:r| web ?site| site)|homepage for an? (?:app|product|startup)|product page`,
    kanban: String.raw`kan ?ban\w*|trello\w*|task ?boards?|scrum ?boards?`,
    dashboard: String.raw`dash ?boards?|charts? (?:page|app|overview)|kpi\w*`,
    snake: String.raw`snakes?`,
    noughts: String.raw`noughts (?:and|&) crosses|tic[- ]?tac[- ]?toe`,
    quiz: String.raw`quiz\w*|trivia|flash ?cards?`,
    pomodoro: String.raw`pomodoro\w*|(?:focus|work|productivity) timer|timer`,
    calculator: String.raw`calculators?`,
    expenses: String.raw`(?:expenses?|budget|spending|money)(?: (?:tracker|app|list|manager|planner))?`,
    password: String.raw`pass(?:word|phrase)s?[- ](?:generator|maker|creator|tool)|generates? (?:\w+ )*pass(?:word|phrase)s?`,
    notes: String.raw`notes?(?: ?(?:app|taking|book|pad))?|notepad|notebook|journal|diary`,
    todo: String.raw`to[- ]?dos?(?:[- ]?lists?)?|task ?(?:lists?|manager|app|tracker)|check ?lists?|shopping ?lists?|grocery ?lists?|tasks?`,
    react: String.raw`react(?:\.?js)?`,
    solid: String.raw`solid(?:[- ]?(?:js|start))?(?= |$|[.,;!?])|solid\.js`,
    vite: String.raw`vite`,
    typescript: String.raw`type ?script|ts`,
    express: String.raw`express(?:\.?js)?`,
    hono: String.raw`hono(?:\.?js)?`,
    node: String.raw`node(?:\.?js)?|java ?script|js|npm`,
    go: String.raw`golang|go(?= (?:server|api|service|backend|http|rest|web|program|app|microservice|cli|tool|command))|in go|with go|using go`,
    python: String.raw`pyth?on3?|argparse`,
    foreign: String.raw`vue(?:\.?js)?|svelte(?:kit)?|angular|next(?:\.?js)|nuxt|remix|astro|ember|jquery|django|flask|fast ?api|rails|ruby|sinatra|laravel|php|symfony|java|spring(?: ?boot)?|kotlin|rust|actix|axum|c\+\+|c#|\.net|asp\.net|swift|objective-c|elixir|phoenix|erlang|haskell|scala|clojure|perl|lua|dart|flutter|electron|tauri|unity|unreal|godot|wordpress|drupal|shopify|deno|bun|nest(?:\.?js)|fastify|koa|graphql|grpc|qt|tkinter|pygame|streamlit|cobol|fortran|bash|powershell|shell script`,
    api: String.raw`apis?|rest(?:ful)?|back ?end|endpoints?|crud|micro ?services?`,
    server: String.raw`(?:web|http|file )?servers?|http service`,
    cli: String.raw`cli|command[- ]?line(?: (?:tool|app|program|utility))?s?|terminal|console (?:tool|app|program)|scripts?(?! tag)|shell tool`,
    site: String.raw`web ?sites?|web ?pages?|home ?pages?|sites?|portfolio|blog|cv|resume|static (?:site|page)s?|page for`,
    game: String.raw`games?|arcade`,
    app: String.raw`apps?|applications?|tools?|programs?|trackers?|software|platform|system|clone`,
    mobile: String.raw`ios|android|iphone|ipad|mobile app|native app|desktop app|chrome extension|browser extension|(?:discord|telegram|slack|twitter|whatsapp) bot|chat ?bot|bot`,
    "foreign-thing": String.raw`chess|tetris|pong|pac-?man|minesweeper|sudoku|2048|memory game|platformer|shooter|rpg|breakout|asteroids|hangman|wordle|battleships?|poker|black ?jack|solitaire|crossword|space invaders|flappy ?bird|racing|messenger|chat(?: app| room)?|social network|marketplace|e-?commerce|online (?:shop|store)|web ?shop|video (?:call|editor|player)|music player|photo editor|weather|crypto\w*|block ?chain|nft|neural net\w*|machine learning|compiler|operating system|database engine|search engine|crawler|scraper|web scraping|spreadsheet|drawing app|paint app|3d|rocket|uber|netflix|airbnb|twitter|facebook|instagram|tinder|spotify|youtube`,
    duplicates: String.raw`duplicate\w*(?: files?)?|dupes?|identical files|same files`,
    wordcount: String.raw`(?:words?|line|character)s?[- ]?(?:count\w*|frequenc\w*)|count(?:s|ing)? (?:the )?(?:words|lines|characters)`,
    rename: String.raw`(?:file |bulk |batch |mass )?renam(?:er|es|ing)(?: (?:tool|files|photos|pictures|images))?|(?:to )?rename (?:my |many |all |multiple |the )*(?:files|photos|pictures|images)`,
    csvjson: String.raw`csv (?:in)?to json|csv2json|json from csv|convert\w* (?:a )?csv\w*`,
    csvsummary: String.raw`summari[sz]e\w* (?:a |an |the )?(?:csv|spreadsheet|table|data)\w*|csv (?:summary|statistics|stats|analy\w+)|(?:statistics|stats|summary) (?:of|for|from) (?:a |the )?csv|analy[sz]e\w* (?:a )?csv`,
    theme: String.raw`(?:dark|night|light)(?:[- ]?(?:and|\/|or)[- ]?(?:dark|light))?[- ]?(?:mode|theme|design|switch|toggle)|dark\/light|theme (?:switch|toggle)`,
    sound: String.raw`sounds?(?: effects?)?|audio|beeps?`,
    wrap: String.raw`wrap(?:s|ping)?(?:[- ]?around)?|(?:go|going|pass\w*|move) through (?:the )?walls?|no walls|without walls|open walls`,
    computer: String.raw`(?:against|vs\.?|versus) (?:the |a )?(?:computer|cpu|machine|ai|bot)|computer (?:opponent|player)|single[- ]?player|ai opponent`,
    search: String.raw`search(?:able|ing)?(?: (?:box|field|bar|function))?`,
    due: String.raw`due[- ]?dates?|deadlines?`,
    csv: String.raw`csv (?:export|download)|(?:export|download)(?:s|ing)? (?:as |to )?(?:a )?csv`,
    tests: String.raw`(?:unit |automated )?tests?|tested|test suite`,
    validation: String.raw`validat\w+|input checks?`,
    persist: String.raw`local ?storage|persist\w*|(?:saved?|stored?|storing|keeps?|keeping)(?: \w+)? (?:in|to|on) (?:a |the )?(?:json )?(?:file|disk|browser)|json file|file storage|in[- ]?memory|surviv\w+ (?:a )?reload\w*`,
    score: String.raw`(?:high ?)?scores?|points`,
    filter: String.raw`filter\w*`,
    drag: String.raw`drag(?:[- ]?(?:and|&|n|'n'?)[- ]?drop)?|draggable`,
    keyboard: String.raw`(?:arrow )?keys|keyboard(?: \w+)?|wasd|touch(?: \w+)?|swip\w+|mobile[- ]friendly`,
    responsive: String.raw`responsive|accessib\w+|a11y|(?:nice|clean|modern|beautiful|simple|pretty|good|great|minimal\w*|cool|fancy|elegant|professional) ?(?:design|look|layout|style|styling|ui)?|css|html5?|plain|vanilla|small|basic|readme|instructions|comments|no (?:framework|dependencies|libraries)`,
    charts: String.raw`(?:bar |line |pie |donut )?(?:charts?|graphs?|diagrams?)|tables?|columns?|cards?`,
    contact: String.raw`contact(?: (?:form|page|section))?|about(?: (?:page|section|us|me))|opening hours|services|hero`,
    beyond: String.raw`log[- ]?ins?|sign[- ]?(?:in|up)s?|auth(?:entication|orization)?|oauth|user accounts?|accounts?|users? management|payments?|pay ?pal|stripe|checkout|billing|subscriptions?|shopping cart|cart|online order\w*|ordering|bookings?|reservations?|databases?|postgres\w*|mysql|sqlite|mongo\w*|redis|sql|prisma|supabase|firebase|e-?mails?(?: notifications?)?|newsletters?|sms|push notifications?|notifications?|reminders?|file uploads?|uploads?|real[- ]?time(?: \w+)?|web ?sockets?|multi[- ]?player|online play|collaborat\w+|chats?|ai|artificial intelligence|gpt|machine learning|maps?|google maps|multi[- ]?(?:language|lingual)\w*|translations?|i18n|docker\w*|kubernetes|deploy\w*|ci\/cd|offline(?: mode)?|pwa|push|comments section|likes|follow\w*|social (?:login|sharing|media)|sharing|pdf(?: export)?|excel(?: export)?|admin (?:panel|area|page)|roles|permissions|rate[- ]?limit\w*|pagination|paging|swagger|open ?api|caching|levels|leader ?boards?|obstacles|power[- ]?ups?|portals?|boss(?:es)?|animations?|particles|3d|tailwind(?: ?css)?|bootstrap|sass|scss|material(?: ui)?|redux|zustand|routing|router|seo|analytics|cms|calendar(?: sync)?|recurring \w+|sub ?tasks?|tags|labels|priorit\w+|categories|voice|speech|camera|qr codes?|barcodes?|encryption|backups?|sync\w*|import|webhooks?|cron|logging|metrics|monitoring|jwt|2fa|captcha|gdpr|cookie banner|music|videos?`,
  },
  wants:
    /^(?:(?:hi|hello|hey|ok(?:ay)?|please|pls|so|now|then|and)[\s,!.]+)*(?:(?:can|could|would|will) you (?:please )?|i(?:'d| would) (?:like|love)(?: you)?(?: to)? ?|i (?:want|need)(?: you)?(?: to)? ?|let'?s |we need |help me |it would be (?:nice|great) (?:if|to) (?:you could )?|gimme |give me )*(?:(?:please )?(?:build|create|make|write|develop|generate|start|scaffold|code|program|implement|set up|design|do|have|bulid|creat|mak)\b|an?\b|some\b|my own\b|the game\b|another\b)/i,
  about:
    /\b(?:for|about|of|on|to manage|managing|to track|tracking|to store|storing|(?:that|which) (?:stores?|manages?|tracks?|keeps?|handles?)|promoting|presenting)\s+(?!(?:free|the web|desktop|mobile|me|us|example|instance)\b)(?:(?:a|an|the|my|our|his|her|their|some|your)\s+)?(?<about>[\p{L}\p{N}][\p{L}\p{N}'’&-]*(?:\s+(?!(?:with|using|in|that|which|where|who|and|but|having|including|has|have|called|named|without|please|on|via|so|it|as|to|from|by|at|no|don't|do|each|every|should|must|can|via)\b)[\p{L}\p{N}'’&-]+){0,3})/iu,
  named:
    /\b(?:called|named|titled|entitled|name it|call it|with the (?:name|title))\s+["'“‘]?(?<name>[\p{L}\p{N}][\p{L}\p{N}\s'’&.-]{0,40}?)["'”’]?(?=\s*(?:[,.;!?]|$|\s(?:with|using|that|which|and|for|in)\b))/iu,
  including:
    /\b(?:with|including|incl\.?|plus|and also|featuring|that (?:has|includes|supports|lets \w+|can)|which (?:has|includes|supports)|it (?:should|must|needs to|has to) (?:have|support|include)|supporting)\b/i,
  and: /\s*(?:,|;|\band\b|&|\bplus\b|\bas well as\b|\bor\b)\s*/i,
  without:
    /\b(?:(?:please )?(?:don['’]?t|do not|never|dont) (?:ever )?(?:use|want|need|include|add|write|give me|build)(?: it)?(?: (?:with|in))?|i hate|avoid|without|no|not(?: (?:in|with|using))?|instead of|rather than)\s+(?:any |an? |the )?(?<what>[\w.+#/-]+(?: (?:framework|library|libraries|dependencies|mode)\b)?(?:\s*(?:,|or|and|nor)\s+(?!(?:make|build|create|add|i|it|with)\b)[\w.+#-]+)*)/giu,
  ordinals: [
    /^(?:(?:the )?(?:first|1st|former)|one|number one|#?1)(?: one| option)?$/i,
    /^(?:(?:the )?(?:second|2nd)|two|number two|#?2)(?: one| option)?$/i,
    /^(?:(?:the )?(?:third|3rd)|three|number three|#?3)(?: one| option)?$/i,
    /^(?:(?:the )?(?:fourth|4th)|four|number four|#?4)(?: one| option)?$/i,
    /^(?:(?:the )?(?:fifth|5th)|five|number five|#?5)(?: one| option)?$/i,
    /^(?:(?:the )?(?:sixth|6th)|six|number six|#?6)(?: one| option)?$/i,
  ],
  yes: /^(?:yes|yeah|yep|yup|sure|ok(?:ay)?|fine|sounds good|go ahead|do (?:it|that)|please do|whatever|any|you choose)\b[\s!.,a-z]*$/i,
  no: /^(?:no|nope|none|neither|nothing|never ?mind|forget it|cancel)\b[\s!.,a-z]*$/i,
  commands: [
    {
      intent: "greet",
      pattern: /^(?:hi|hello|hey|hiya|howdy|good (?:morning|day|evening|afternoon))(?: there)?[\s!.,]*$/i,
    },
    {
      intent: "thank",
      pattern:
        /^(?:thanks|thank you|thx|ty|great|perfect|nice|cool|awesome|well done|good job|ok(?:ay)?)\b[\s!.,a-z]{0,30}$/i,
    },
    {
      intent: "help",
      pattern:
        /\b(?:what (?:else )?can you (?:do|build|make)|who are you|what are you)\b|^(?:(?:hi|hello|hey)[\s,!.]+)?(?:can you |could you |please )*help(?: me)?(?: please)?[\s?!.]*$/i,
    },
    { intent: "stop", pattern: /^(?:stop|halt|cancel|abort|never ?mind|forget (?:it|that))[\s!.]*$/i },
    {
      intent: "undo",
      pattern:
        /^(?:please\s+|can you |could you )?(?:undo|revert|roll back|take (?:that|it|this) back|put (?:that|it) back)\b/i,
    },
    {
      intent: "run",
      pattern:
        /\bhow (?:do|can|would|should) (?:i|we|you) (?:run|start|test|use|launch|try|open|install)\b|\bhow (?:does|is) (?:it|this) (?:run|started)\b|^how to (?:run|start|test)\b/i,
    },
    {
      intent: "fetch",
      pattern: /^(?:please )?(?:read|fetch|open|summari[sz]e|look at|get|check)\b[^]*?(?<url>https?:\/\/\S+)/i,
    },
    {
      intent: "title",
      pattern: command(
        String.raw`(?:change|set|update|rename|make)\s+(?:the\s+)?(?:page\s+)?(?:title|heading|headline)(?:\s+of\s+(?:the\s+)?[\w ]+?)?\s+(?:to|into)\s+${target}`,
      ),
    },
    {
      intent: "replace",
      pattern:
        /\b(?:replace|rename|change|substitute|swap)\b(?: all| every)?(?: occurrences of)?(?: the (?:text|word|string))?\s+["“'`](?<from>[^"”'`]+)["”'`]\s+(?:with|by|to|into|for)\s+["“'`](?<to>[^"”'`]*)["”'`](?:\s+in\s+(?:the\s+file\s+)?[`"“@]?(?<path>[\w./-]*\.\w+)\b)?/i,
    },
    {
      intent: "colour",
      pattern:
        /\b(?:change|set|make|turn|use|switch)\b.*?\b(?:(?<name>background|accent|text|button|link|main|primary|theme|colou?rs?)(?: ?colou?rs?)?)\b.*?(?:\b(?:to|as|into|be|in)\s+|\b)(?<to>#[0-9a-f]{3,8}|(?:dark|light|pale|deep)?[ -]?(?:red|blue|green|orange|purple|violet|pink|teal|yellow|black|white|gr[ae]y|brown|turquoise|cyan|magenta|gold|navy|lime|indigo|coral|crimson|salmon|olive|maroon|lavender|beige|mint))\b/i,
    },
    {
      intent: "colour",
      pattern:
        /^(?:please |now |and |can you |could you )*(?:make|turn|paint) (?:it|everything|the (?:page|site|app|buttons?|snake|links?))\s+(?<to>#[0-9a-f]{3,8}|(?:dark|light)?[ -]?(?:red|blue|green|orange|purple|violet|pink|teal|yellow|brown|turquoise|cyan|magenta|gold|navy|lime|indigo|coral|crimson|black|white|gr[ae]y))\b/i,
    },
    {
      intent: "readme",
      pattern:
        /\b(?:add|write|create|make|put|include)\b(?:(?!\bfile\b).)*?(?:\bsections?\s+(?:called|named|titled|about|on|for)?\s*["'“]?(?<name>[\p{L}\p{N} -]{2,40}?)["'”]?\s+(?:to|in|into)\s+(?:the\s+)?readme|(?:\ba(?:n)?\s+)?["'“]?(?<text>[\p{L}\p{N} -]{2,40}?)["'”]?\s+section\s+(?:to|in|into)\s+(?:the\s+)?readme)/iu,
    },
    {
      intent: "readme",
      pattern:
        /\breadme\b.*\bsection\s+(?:called|named|about|on|for|titled)\s+["'“]?(?<name>[\p{L}\p{N} -]{2,40}?)["'”]?[.!]?$/iu,
    },
    { intent: "readme", pattern: /\b(?:add|write|create|make|need)\b.*\breadme\b/i },
    { intent: "licence", pattern: /\b(?:add|write|create|make|include)\b.*\blicen[cs]e\b/i },
    { intent: "gitignore", pattern: /\b(?:add|write|create|make)\b.*\b\.?git ?ignore\b/i },
    {
      intent: "file",
      pattern:
        /\b(?:add|create|make|write)\s+(?:a\s+|an\s+)?(?:new\s+)?(?:empty\s+)?(?:text\s+)?file\s+(?:called\s+|named\s+)?["'`]?(?<path>[\w./-]+)["'`]?(?:\s+(?:with|containing|that says)(?:\s+the (?:text|content))?\s+(?<text>[\s\S]+))?$/i,
    },
    {
      intent: "file",
      pattern:
        /^(?:please |now |and )*(?:add|create|make|write)\s+(?:an?\s+|the\s+)?(?:new\s+|empty\s+)?["'`]?(?<path>(?!readme)[\w./-]*[\w-]\.(?:md|txt|json|m?[jt]sx?|css|html|py|go|ya?ml|toml|csv))["'`]?[.!]?$/i,
    },
    {
      intent: "endpoint",
      pattern:
        /\b(?:add|create|make|implement|expose|need|want)\b[^]*?(?:\bendpoints?\b|\broutes?\b|(?<=\s)(?:GET|POST)\s+\/)[^]*/i,
    },
    {
      intent: "page",
      pattern:
        /\b(?:add|create|make|write)\b\s+(?:an?\s+|the\s+)?(?:new\s+|another\s+)?(?:(?:sub)?page\s+(?:called|named|about|for|with|on|titled)\s+["'“]?(?<name>[\p{L}\p{N} '-]{2,40}?)["'”]?|["'“]?(?<text>[\p{L}\p{N} '-]{2,40}?)["'”]?\s+(?:sub)?page)[.!]?$/iu,
    },
    {
      intent: "test",
      pattern:
        /\b(?:add|write|create|make)\b(?:(?!\bwith\b).)*\b(?:unit )?tests?\b(?:\s+(?:for|to)\s+["'`@]?(?<path>[\w./-]+))?/i,
    },
    {
      intent: "rename",
      pattern: command(
        String.raw`rename\s+(?:the\s+)?(?:file\s+|function\s+|variable\s+|class\s+|project\s+|everything\s+(?:from\s+)?)?${subject}\s+(?:to|into|as)\s+${target}(?:\s+(?:everywhere|in all (?:the )?files|in every file|throughout(?: the (?:project|code))?|in the whole project|across the project))?`,
      ),
    },
    {
      intent: "replace",
      pattern: command(
        String.raw`(?:replace|substitute|change|swap)\s+(?:all\s+|every\s+)?(?:occurrences of\s+)?(?:the\s+(?:text|word|string|name)\s+)?${subject}\s+(?:with|by|to|into|for)\s+${target}(?:\s+(?:everywhere|in all (?:the )?files|in every file|throughout(?: the project)?|in the whole project))?`,
      ),
    },
    { intent: "theme", pattern: /\b(?:dark|light|night)[- ]?(?:mode|theme)\b/i },
    {
      intent: "move",
      pattern: command(
        String.raw`(?:move|put)\s+(?:the\s+)?(?:files?\s+)?["'\x60@]?(?<path>[\w./ ,-]+?)["'\x60]?\s+(?:to|into|in)\s+(?:the\s+)?(?:folder\s+|directory\s+)?["'\x60]?(?<to>[\w./-]+)["'\x60]?(?:\s+folder)?`,
      ),
    },
    {
      intent: "delete",
      pattern: command(
        String.raw`(?:delete|remove|erase|drop)\s+(?:the\s+)?(?:files?\s+|folder\s+|directory\s+)?["'\x60@]?(?<path>[^"'\x60]+?)["'\x60]?`,
      ),
    },
    { intent: "list", pattern: /\b(?:list|show)\b.*\bfiles\b|\b(?:what|which) files\b/i },
    {
      intent: "find",
      pattern:
        /^(?:please |can you |could you )*(?:where (?:is|are|do|does)|find|search(?: for)?|look for|grep)\s+(?:we |i |you |it |the (?:word|text|function|variable|class)\s+)?["'“`]?(?<text>[^"”'`]+?)["'”`]?(?:\s+(?:defined|used|declared|set|come from|in (?:the )?(?:files|project|code|repo(?:sitory)?)))*[.?!]*$/i,
    },
    {
      intent: "fix",
      pattern:
        /\b(?:fix|debug|repair)\b|\b(?:does(?:n't| not)|don't|isn't|won't) work\b|\bbroken\b|\bbugs?\b|\btests? (?:fails?|is failing|are failing|failed)\b|\bfailing tests?\b/i,
    },
    {
      intent: "explain",
      pattern:
        /\b(?:explain|describe|summari[sz]e|what (?:does|is|do|are)|how does|tell me about|walk me through)\b(?:.*?@?(?<path>[\w./-]+\.\w{1,5})\b)?/i,
    },
    {
      intent: "feature",
      pattern:
        /^(?:please |now |and |also |then |can you |could you |let's |let us )*(?:add|include|implement|give it|make it have|support|enable|i want|it needs)\s+(?:an?\s+|the\s+|some\s+)?(?<text>.{2,80}?)[.!?]*$/i,
    },
  ],
  choices: {
    site: "A website of three pages",
    landing: "A landing page",
    snake: "A game of snake",
    noughts: "Noughts and crosses",
    quiz: "A quiz",
    todo: "A todo list",
    kanban: "A kanban board",
    dashboard: "A dashboard with charts",
    pomodoro: "A pomodoro timer",
    calculator: "A calculator",
    notes: "A notes app",
    expenses: "An expense tracker",
    password: "A password generator in the browser",
    react: "A React app",
    solid: "A Solid app",
    vite: "A Vite app",
    node: "A REST API on plain Node",
    express: "An Express API",
    hono: "A Hono API",
    go: "A Go server",
    "python-server": "A Python server",
    duplicates: "A command-line tool that finds duplicate files",
    wordcount: "A command-line tool that counts words",
    rename: "A command-line tool that renames files",
    csvjson: "A command-line tool that converts CSV to JSON",
    csvsummary: "A command-line tool that summarises a CSV file",
    "todo-cli": "A todo list for the terminal",
    "password-cli": "A password generator for the terminal",
  },
  site: {
    heard: {
      food: String.raw`baker\w*|caf[eé]s?|coffee\w*|restaurants?|pizz\w+|bistros?|bars?|pubs?|food\w*|burgers?|sushi|ice cream|brewer\w+|wine\w*|cakes?|chocolat\w+|catering|cooking|tea ?house`,
      portfolio: String.raw`portfolio|photograph\w*|designers?|developers?|artists?|illustrat\w+|writers?|architects?|freelanc\w+|resume|cv|musicians?|bands?|personal|myself|painters?`,
      service: String.raw`studios?|yoga|gym|fitness|salons?|hair\w*|barbers?|spas?|dent\w+|doctors?|law\w*|clinics?|plumb\w+|electric\w+|carpent\w+|garden\w*|cleaning|consult\w+|agency|agencies|company|firm|hotels?|school|tutor\w*|vets?|garage|repairs?|shops?|stores?|florists?|bookshops?|flower\w*|business`,
      product: String.raw`apps?|products?|startups?|saas|software|tools?|platforms?|gadgets?|devices?|services?|course|newsletter|book`,
      event: String.raw`events?|wedding|conference|festival|part(?:y|ies)|concerts?|meet-?ups?|birthday|exhibition|workshop|marathon|fair`,
    },
    home: "Home",
    about: "About",
    contact: "Contact",
    menu: "Pages",
    skip: "Skip to content",
    subjects: {
      food: {
        tagline: "Made by hand, every morning, from a few good ingredients.",
        action: "See when we are open",
        points: [
          ["Fresh every day", "We start at four so that it is warm when you come in."],
          ["From around here", "Flour, milk and fruit come from farms that we know."],
          ["Room to stay", "A few tables, good coffee, and no hurry."],
        ],
        about:
          "We began small and have stayed so on purpose. What we make, we make ourselves, and we know most of our guests by name.",
      },
      portfolio: {
        tagline: "Selected work, and how it came about.",
        action: "Get in touch",
        points: [
          ["Clear ideas", "Every project starts with one question: what is it for?"],
          ["Careful work", "Details are finished, tested and handed over with notes."],
          ["Easy to work with", "You hear from me every week, and the price is agreed first."],
        ],
        about:
          "I have worked on my own since 2015, with small companies and with people who have an idea and no time for it.",
      },
      service: {
        tagline: "Good work, on time, at a price that is clear before we start.",
        action: "Make an appointment",
        points: [
          ["Experienced", "A small team that has done this for many years."],
          ["Reliable", "We come when we said, and call if anything changes."],
          ["Close by", "Ten minutes from the station, with a bicycle stand at the door."],
        ],
        about: "We are a small team. You always speak with the person who does the work.",
      },
      product: {
        tagline: "The simple way to get it done, and get on with your day.",
        action: "Try it free",
        points: [
          ["Ready in a minute", "No set-up: open it and begin."],
          ["Stays out of the way", "Few settings, no notifications that you did not ask for."],
          ["Yours", "Export everything whenever you like."],
        ],
        about:
          "We built it because we needed it ourselves. Now it is used every day by people who would rather do the work than manage it.",
      },
      event: {
        tagline: "One day, good people, and something to remember.",
        action: "Save your place",
        points: [
          ["When", "Saturday, 12 June, from two in the afternoon."],
          ["Where", "The old mill by the river; five minutes from the bus."],
          ["Who", "Everyone who would like to come. Children are welcome."],
        ],
        about: "We have planned this for a year. Food and drink are there; bring a coat for the evening.",
      },
      other: {
        tagline: "What it is, who it is for, and how to reach us: write it here in one sentence.",
        action: "Get in touch",
        points: [
          ["First point", "Say what people get."],
          ["Second point", "Say what makes it different."],
          ["Third point", "Say what to do next."],
        ],
        about: "Tell the story here: how it began, who is behind it, and what comes next.",
      },
    },
    contactText: "Questions? Write a message, and we answer within two days.",
    name: "Your name",
    message: "Your message",
    send: "Write an e-mail",
    newPage: "Write what belongs on this page.",
  },
  says: {
    isDemo:
      "This is Slipway's demo model: it knows a fixed set of projects and changes. For anything else, start Slipway with a real model (see the README).",
    otherLanguages: "The demo model understands English, German, French, Spanish and Chinese.",
    greeting: "Hello. What would you like to build?",
    welcome: "You're welcome. What's next?",
    help: "The demo model builds small projects that run: websites and landing pages, games and small apps for the browser, React and Solid apps, APIs with Node, Express, Hono, Go or Python, and command-line tools. In a project that is there, it renames or replaces text everywhere, changes titles, texts and colours, adds pages, tests, endpoints, README sections and some features, explains and finds things, moves and deletes files, and undoes its last changes.",
    looking: "Looking at the project…",
    building: (name, folder) => `Building ${lowerFirst(name)}${folder === "" ? "" : ` in \`${folder}\``}…`,
    ready: (title, count) => `${title} is ready (${files(count)}).`,
    howToRun: "To run it:",
    openPage: "Open `index.html` in the preview or in a browser.",
    included: (list) => `Included: ${list}.`,
    leftOut: (list) => `Left out: ${list}. The demo model cannot build that.`,
    notUnderstood: (list) => `Not understood, so left out: ${list}.`,
    sampleTexts: "The texts are samples; replace them with your own.",
    englishInterface: "",
    notCreated: (list) => `These files could not be created:\n${list}`,
    nothingCreated: "Nothing was created.",
    noted: (text) => `Next: ${text}`,
    plan: (steps) =>
      `A plan; nothing is changed yet. I would begin with:\n\n${steps}\n\nSay “carry it out” to have it done.`,
    stopped: "Stopped. What was done so far stays; “undo that” reverts it.",
    reverted: "Noted: some earlier changes were reverted, and they stay that way.",
    read: (names) => `Read ${names}.`,
    noTool: "This needs a tool that is not available here.",
    failed: "Something went wrong with this request.",
    foreign: (name) => `The demo model does not know ${name}, so nothing was created.`,
    unknown: "The demo model cannot build that, so nothing was created.",
    unclear: "It is not clear what to change, so nothing was changed.",
    notInThis: (topic, stack) =>
      `The demo model cannot build ${lowerFirst(topic)} with ${stack}, so nothing was created.`,
    which: "It can build one of these instead. Which one?",
    openQuote: "“",
    closeQuote: "”",
    empty: "The project is empty.",
    whatToBuild: "Describe what to build.",
    searching: (text) => `Searching for “${text}”…`,
    notFound: (text) => `“${text}” was not found in any file, so nothing changed.`,
    notFoundIn: (text, path) => `“${text}” was not found in \`${path}\`, so nothing changed.`,
    foundIn: (count) => `Found in ${files(count)}; updating ${count === 1 ? "it" : "them"}…`,
    replaced: ({ from, to, times, files: count }) =>
      `Replaced “${from}” with “${to}”${times > 0 ? ` on ${times === 1 ? "1 line" : `${times} lines`}` : ""} in ${files(count)}:`,
    namesKept: (list) => `File names were left as they are, although these contain it: ${list}.`,
    notSearched: (list) => `Not everything could be searched:\n${list}`,
    couldNot: (list) => `These changes failed:\n${list}`,
    nothingChanged: "Nothing changed.",
    renamed: (from, to) => `\`${from}\` is now \`${to}\`.`,
    referencesUpdated: (count) =>
      count === 0 ? "No other file mentions it." : `References to it were updated in ${files(count)}.`,
    noFile: (path) => `There is no \`${path}\`.`,
    filesAre: "The project has:",
    exists: (path) => `\`${path}\` already exists. Say what to change in it.`,
    created: (path) => `Created \`${path}\`.`,
    deleting: (count) => `Deleting ${files(count)}…`,
    deleted: (list) => `Deleted ${list}.`,
    notDeleted: (reason) => `Nothing was deleted: ${reason}`,
    moved: (list) => `Moved:\n${list}`,
    noPage: "The project has no HTML page. Which file should change?",
    titleIs: (title) => `The title is now “${title}”.`,
    noColour: "No colour was found to change. Which file and which rule should change?",
    colourIs: (name, colour) => `${name} is now ${colour}. Check that text on it is still readable.`,
    unknownColour: (colour) => `“${colour}” is not a colour that the demo model knows; a code such as #aa3366 works.`,
    hasTheme: "The project already has a dark mode.",
    themeAdded: (path) => `\`${path}\` now follows the system's dark mode.`,
    noStyles: "No style sheet or page was found. Which file should change?",
    pageAdded: (path, linked) => `Added \`${path}\`${linked > 0 ? `, and a link to it in ${files(linked)}` : ""}.`,
    readmeMade: "Added `README.md` with what the project is, how to run it, and its files.",
    readmeSection: (name) => `Added the section “${name}” to the README.`,
    hasSection: (name) => `The README already has a section “${name}”.`,
    sectionText: "Write here.",
    testAdded: (path, run) => `Added \`${path}\`. Run it with \`${run}\`.`,
    hasTests: (path) => `There are tests already: \`${path}\`. Name the file that needs another one.`,
    noTest:
      "The demo model can write tests for JavaScript modules and Python files with plain functions; none was found. Name the file to test.",
    endpointAdded: (list) => `Added ${list}, with a test.`,
    hasEndpoint: (path) => `\`${path}\` is there already.`,
    whatReturns: (path) => `What should \`${path}\` return? For example: “add GET ${path} that returns {"ok": true}”.`,
    noApi: "The demo model can add endpoints only to its own APIs, and this project is none of them.",
    featureAdded: (list) => `Added: ${list}.`,
    hasFeature: (list) => `The project has this already: ${list}.`,
    featureNot: (name, list) =>
      `The demo model cannot add ${name} here, so nothing was changed.${list === "" ? "" : ` It can add: ${list}.`}`,
    partsDoNotFit: (list) => `The files were changed in the places that this needs, so nothing was changed:\n${list}`,
    explains: (count) => `The project has ${files(count)}.`,
    lines: (count) => (count === 1 ? "1 line" : `${count} lines`),
    undoing: (text) => `Undoing “${text}”…`,
    undone: (count) => `Undone: ${files(count)} ${count === 1 ? "is" : "are"} as before.`,
    nothingToUndo: "There are no changes to undo in this conversation.",
    notUndone: (list) => `These could not be undone:\n${list}`,
    useUndo: "For these, use Undo on the message.",
    checking: "Checking the files…",
    fixed: (list) => `Fixed:\n${list}`,
    noFault:
      "No fault was found that can be seen without running the project. What did you do, what did you expect, and what happened? The output of a failing test helps.",
    faults: (list) => `Found:\n${list}`,
    pageBegins: (text) => `The page begins:\n\n> ${text}\n\nThis is its beginning, not a summary.`,
    notReadable: (reason) => `The page could not be read: ${reason}`,
    noRun: "The files do not say how to run the project. Is there a README?",
    matches: (count) => (count === 1 ? "1 line:" : `${count} lines:`),
  },
};

function lowerFirst(text: string): string {
  return /^(?:A|An|Noughts) /.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
