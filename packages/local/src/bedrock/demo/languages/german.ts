import type { Language } from "./language.ts";

const files = (count: number) => (count === 1 ? "1 Datei" : `${count} Dateien`);
const from = String.raw`["'„“\x60]?(?<from>.+?)["'“”\x60]?`;
const to = String.raw`["'„“\x60]?(?<to>.+?)["'“”\x60]?`;
const command = (pattern: string) =>
  new RegExp(
    String.raw`^(?:(?:bitte|und|dann|jetzt|nun|auch|ok|kannst du|könntest du)[\s,]+)*${pattern}(?:,? bitte)?[\s.!?]*$`,
    "iu",
  );
const place = String.raw`(?:\s+(?:überall|in allen dateien|im ganzen projekt))?`;

export const german: Language = {
  code: "de",
  functionWords:
    "der die das den dem des ein eine einen einem einer und oder mit für von zu zum zur im ist sind ich du wir mir mich mein meine meinen meiner bitte baue bau erstelle mach mache schreib schreibe brauche möchte hätte will kannst könntest nicht kein keine ohne auf alle überall ändere ersetze lösche füge hinzu hallo danke wie was wo erkläre zeige rückgängig nein lieber stattdessen programmiere entwickle gestalte spiel programm webseite benenne nutze verwende durch allen dateien farbe titel seite statt auch noch jetzt dann",
  heard: {
    landing: String.raw`landing[- ]?(?:page|seite)n?|landeseite|produktseite`,
    kanban: String.raw`kanban[- ]?(?:board|tafel|brett)s?|aufgabentafel`,
    dashboard: String.raw`dashboards?|armaturenbrett|(?:diagramm|kennzahlen)[- ]?(?:seite|übersicht|app)|kennzahlen`,
    snake: String.raw`snake[- ]?(?:spiel|game)|schlangen?[- ]?spiel`,
    noughts: String.raw`drei gewinnt|tic[- ]?tac[- ]?toe[- ]?spiel|xxo`,
    quiz: String.raw`quiz\w*|ratespiel|karteikarten`,
    pomodoro: String.raw`pomodoro[- ]?\w*|(?:arbeits|konzentrations)?timer|stoppuhr|eieruhr`,
    calculator: String.raw`taschenrechner|rechner`,
    expenses: String.raw`ausgaben(?:[- ]?(?:verwaltung|tracker|liste|übersicht))?|haushaltsbuch|kostenübersicht`,
    password: String.raw`pass(?:wort|wörter)[- ]?generator|kennwort[- ]?generator|passwörter (?:erzeugen|generieren)`,
    notes: String.raw`notizen?(?:[- ]?(?:app|buch|block))?|notizbuch|tagebuch`,
    todo: String.raw`to-?do-?(?:listen?|app)|aufgaben(?:[- ]?(?:listen?|verwaltung|app|planer))?|einkaufslisten?|checklisten?`,
    react: String.raw`react-?(?:app|anwendung|projekt)`,
    solid: String.raw`solid-?(?:app|anwendung|projekt)`,
    express: String.raw`express-?(?:api|server|app|backend)`,
    hono: String.raw`hono-?(?:api|server|app|backend)`,
    go: String.raw`go-?(?:server|api|dienst|programm|backend|webserver)|in go(?:lang)?|mit go`,
    python: String.raw`python-?(?:skript|script|programm|tool|server|werkzeug|kommandozeilen\w*)`,
    node: String.raw`node-?(?:api|server|skript|tool|programm|cli)`,
    foreign: String.raw`(?:vue|svelte|angular|django|flask|laravel|rust|java|php|ruby|flutter)-?(?:app|anwendung|projekt|server|programm|api)`,
    api: String.raw`schnittstelle|rest-?(?:api|schnittstelle)|endpunkte?|[\p{L}]+-api`,
    server: String.raw`(?:web|http)-?server|dienst`,
    cli: String.raw`kommandozeilen[- ]?\w*|befehlszeilen[- ]?\w*|terminal[- ]?\w*|konsolen[- ]?\w*|skripte?|cli-?(?:tool|programm)|für die kommandozeile|im terminal`,
    site: String.raw`web[- ]?seiten?|web[- ]?auftritt|homepages?|internet[- ]?(?:seite|auftritt)|seite für|blog|lebenslauf|portfolio[- ]?seite`,
    game: String.raw`spiele?s?|[\p{L}]+spiel`,
    app: String.raw`apps?|anwendung(?:en)?|programme?|werkzeuge?|verwaltung`,
    mobile: String.raw`handy-?app|iphone-?app|android-?app|(?:telegram|discord|whatsapp)-?bot`,
    "foreign-thing": String.raw`schach(?:spiel)?|sudoku|galgenmännchen|vier gewinnt|schiffe versenken|soziales netzwerk|online-?shop|web-?shop|marktplatz|chat-?(?:app|programm|raum)|videotelefonie|wetter(?:-?app)?|rakete\w*|betriebssystem|suchmaschine|tabellenkalkulation|musikplayer|steuererklärung\w*`,
    duplicates: String.raw`doppelte[nr]? dateien|duplikate?n?|gleiche dateien|dubletten`,
    wordcount: String.raw`wörter (?:zähl\w+|in)|wort-?zähler|wörter-?zähler|zählt (?:die )?wörter|wörter und zeilen`,
    rename: String.raw`(?:dateien|fotos|bilder) (?:\w+ )?umbenenn\w*|umbenenn(?:er|t|en)|umbenennungs\w*`,
    csvjson: String.raw`csv (?:in|nach|zu) json|csv-?(?:zu|nach|in)-?json(?:-?\w+)?`,
    csvsummary: String.raw`csv(?:-datei)? (?:zusammenfass|auswert)\w*|(?:zusammenfassung|statistik|auswertung) (?:einer|von) csv`,
    theme: String.raw`dunkel(?:modus|\w* (?:design|modus))|dunkle[nrms]? (?:modus|design|ansicht)|nachtmodus|dark[- ]?mode`,
    sound: String.raw`töne?n?|klänge?n?|geräusche?n?|ton|musik`,
    wrap: String.raw`offene[nr]? wände?n?|ohne wände|durch (?:die )?wände`,
    computer: String.raw`gegen (?:den |einen )?computer\w*|computergegner|einzelspieler`,
    search: String.raw`such(?:e|feld|funktion)|durchsuch\w+`,
    due: String.raw`fälligkeits\w+|fälligkeiten|fristen|termine?n?|deadlines?`,
    csv: String.raw`csv[- ]?(?:export|download)|als csv|nach csv`,
    tests: String.raw`tests?|getestet|unit-?tests?`,
    validation: String.raw`validierung|prüfung|eingabeprüfung`,
    persist: String.raw`(?:speicher\w*|sichern) (?:in|im|auf) [\p{L} ]*?(?:datei|browser)|in (?:einer )?(?:json-)?datei gespeichert|dauerhaft(?: gespeichert)?|lokal(?: gespeichert)?|im speicher`,
    score: String.raw`punkte(?:stand|zahl)?n?|bestenwert|highscore|rekord`,
    filter: String.raw`filtern?`,
    drag: String.raw`ziehen|verschieben|drag[- ]and[- ]drop`,
    keyboard: String.raw`tastatur\w*|pfeiltasten|wischen`,
    responsive: String.raw`(?:schön|modern|einfach|schlicht|hübsch|klein|schick|gut|ansprechend|elegant|barrierefrei)(?:e[nrms]?)?(?: (?:design|aussehen|layout|gestaltung))?|responsiv|design|ohne (?:framework|abhängigkeiten)|kommentaren?|anleitung`,
    charts: String.raw`diagramme?n?|graphen|grafiken?|spalten|karten|tabellen?`,
    contact: String.raw`kontakt(?:formular|seite|daten)?|über uns|öffnungszeiten|leistungen`,
    beyond: String.raw`anmeld\w+|einloggen|login|registrier\w+|benutzer(?:konten|verwaltung)?|nutzerkonten|konten|zahlung\w*|bezahl\w+|warenkorb|online-?bestellung\w*|bestell(?:ung|funktion|system)\w*|reservierung\w*|buchung\w*|datenbank\w*|e-?mail[- ]?(?:versand|benachrichtigung\w*)|newsletter|benachrichtigung\w*|erinnerung\w*|datei-?upload|hochladen|echtzeit|mehrspieler\w*|online spielen|künstliche intelligenz|ki|landkarten?|google maps|mehrsprachig\w*|übersetzung\w*|offline\w*|kommentarfunktion|teilen|pdf[- ]?(?:export)?|verwaltungsbereich|adminbereich|rollen|seitenweise|level|hindernisse?n?|animationen?|kalender\w*|unteraufgaben|kategorien|schlagwörter|prioritäten|spracheingabe|verschlüsselung|docker|bestenliste|gegner`,
  },
  wants:
    /^(?:(?:hallo|hi|hey|ok|bitte|so|also|moin|guten (?:tag|morgen|abend))[\s,!.]+)*(?:(?:kannst|könntest|würdest) du (?:mir |uns )?(?:bitte )?|(?:ich|wir) (?:will|möchte|brauche|hätte|wollen|möchten|brauchen|hätten)(?: gerne?)? ?|lass uns )*(?:(?:bitte )?(?:bau\w*|erstell\w*|mach\w*|schreib\w*|entwick\w*|generier\w*|programmier\w*|entwirf|gestalte|erzeuge)\b|eine?[nrms]?\b|das spiel\b)/i,
  about:
    /\b(?:für|über|von|zur verwaltung von|zu)\s+(?!(?:free|den browser|die kommandozeile|das terminal|mich|uns|zwei)\b)(?:(?:eine?[nrms]?|d(?:ie|er|as|en|em)|mein(?:e[nrms]?)?|unser(?:e[nrms]?)?)\s+)?(?<about>[\p{L}\p{N}][\p{L}\p{N}'’&-]*(?:\s+(?!(?:mit|in|die|der|das|und|aber|ohne|bitte|auf|als|zu|im|soll|sollte|verwende|nutze|namens|genannt|von)\b)[\p{L}\p{N}'’&-]+){0,3})/iu,
  named:
    /\b(?:namens|genannt|mit dem (?:namen|titel)|heißt|nenne (?:sie|es|ihn)|die? [\p{L}]+ heißt)\s+["'„“]?(?<name>[\p{L}\p{N}][\p{L}\p{N}\s'’&.-]{0,40}?)["'“”]?(?=\s*(?:[,.;!?]|$|\s(?:mit|und|für|in|die|das)\b))/iu,
  including: /\b(?:mit|inklusive|inkl\.?|samt|sowie|plus|und auch|einschließlich|unterstützt)\b/i,
  and: /\s*(?:,|;|\bund\b|&|\bplus\b|\bsowie\b|\boder\b)\s*/i,
  without:
    /\b(?:(?:bitte )?(?:benutze?|verwende?|nutze?|nimm) (?:bitte )?(?:kein(?:e[nrms]?)?|nicht)|ohne|kein(?:e[nrms]?)?|nicht (?:mit|in)|statt|anstatt)\s+(?:ein(?:e[nrms]?)? |das |die |den )?(?<what>[\w.+#/-]+(?:\s*(?:,|oder|und)\s+(?!(?:mach|bau|erstell|mit|ich|einer?)\b)[\w.+#-]+)*)/giu,
  ordinals: [
    /^(?:(?:die|das|den|der|dem) )?(?:erste[nrs]?|eins|nummer eins)$/i,
    /^(?:(?:die|das|den|der|dem) )?(?:zweite[nrs]?|zwei|nummer zwei)$/i,
    /^(?:(?:die|das|den|der|dem) )?(?:dritte[nrs]?|drei|nummer drei)$/i,
    /^(?:(?:die|das|den|der|dem) )?(?:vierte[nrs]?|vier|nummer vier)$/i,
    /^(?:(?:die|das|den|der|dem) )?(?:fünfte[nrs]?|fünf|nummer fünf)$/i,
    /^(?:(?:die|das|den|der|dem) )?(?:sechste[nrs]?|sechs|nummer sechs)$/i,
  ],
  yes: /^(?:ja|jawohl|gerne?|klar|in ordnung|passt|mach das|egal)\b[\s!.,\p{L}]*$/iu,
  no: /^(?:nein|keine?s?(?: davon)?|nichts|vergiss es|abbrechen)\b[\s!.,\p{L}]{0,20}$/iu,
  commands: [
    { intent: "greet", pattern: /^(?:hallo|hi|hey|moin|servus|grüß gott|guten (?:tag|morgen|abend))[\s!.,]*$/i },
    {
      intent: "thank",
      pattern: /^(?:danke|vielen dank|super|toll|prima|perfekt|klasse|sehr gut)[\s!.,\p{L}]{0,30}$/iu,
    },
    { intent: "help", pattern: /\bwas kannst du\b|\bwer bist du\b|^hilfe[\s?!.]*$/i },
    { intent: "stop", pattern: /^(?:stopp?|halt|abbrechen|vergiss es)[\s!.]*$/i },
    { intent: "undo", pattern: /\brückgängig\b|^(?:nimm|setz) (?:das|es) (?:wieder )?zurück|^zurücknehmen/i },
    {
      intent: "run",
      pattern: /\bwie (?:starte|nutze|teste|öffne|benutze|installiere) ich\b|\bwie (?:startet|läuft|führt) /i,
    },
    { intent: "fetch", pattern: /^(?:bitte )?(?:lies|öffne|fasse|schau|hole)\b[^]*?(?<url>https?:\/\/\S+)/i },
    {
      intent: "title",
      pattern: command(
        String.raw`(?:ändere|setze|mach)\s+(?:den|die)\s+(?:titel|überschrift)(?:\s+der seite)?\s+(?:zu|auf|in|nach)\s+${to}`,
      ),
    },
    {
      intent: "replace",
      pattern:
        /\bersetze\b\s+(?:überall\s+|alle\s+)?["„“'`](?<from>[^"“”'`]+)["“”'`]\s+(?:durch|mit|gegen)\s+["„“'`](?<to>[^"“”'`]*)["“”'`](?:\s+in\s+(?:der datei\s+)?[`"“@]?(?<path>[\w./-]*\.\w+)\b)?/i,
    },
    {
      intent: "colour",
      pattern:
        /(?<!\p{L})(?:ändere|mach|setze|färbe)\b.*?\b(?<name>hintergrund|text|schrift|akzent|haupt|schaltflächen|knöpfe|farben?)(?:farbe)?\b.*?(?:\b(?:zu|auf|in|nach)\s+|\s)(?<to>#[0-9a-f]{3,8}|(?:dunkel|hell)?(?:rot|blau|grün|orange|lila|violett|rosa|türkis|gelb|schwarz|weiß|grau|braun))(?![\p{L}])/iu,
    },
    {
      intent: "colour",
      pattern:
        /^(?:bitte )?(?:mach|färbe) (?:es|alles|die seite|die knöpfe|die schlange)\s+(?:bitte )?(?<to>#[0-9a-f]{3,8}|(?:dunkel|hell)?(?:rot|blau|grün|orange|lila|violett|rosa|türkis|gelb|grau|braun))(?![\p{L}])/iu,
    },
    {
      intent: "readme",
      pattern:
        /\b(?:füge?|schreib\w*|ergänze)\b.*?\babschnitt\s+(?:namens\s+|über\s+|zu\s+|für\s+)?["'„“]?(?<name>[\p{L}\p{N} -]{2,40}?)["'“”]?\s+(?:in|zur?|ins?|im)\s+(?:die\s+|der\s+|das\s+)?readme/iu,
    },
    { intent: "readme", pattern: /\b(?:füge?|schreib\w*|erstell\w*|ergänze|brauche)\b.*\breadme\b/i },
    { intent: "licence", pattern: /\b(?:füge?|schreib\w*|erstell\w*|ergänze)\b.*\blizenz\b/i },
    {
      intent: "file",
      pattern:
        /\b(?:erstell\w*|leg\w*|schreib\w*)\s+(?:eine\s+)?(?:neue\s+|leere\s+)?datei\s+(?:namens\s+|mit dem namen\s+)?["'`]?(?<path>[\w./-]+\.\w+)["'`]?(?:\s+(?:mit|die)(?:\s+dem (?:text|inhalt))?\s+(?<text>[\s\S]+?))?(?:\s+an)?[.!]?$/i,
    },
    { intent: "endpoint", pattern: /\b(?:füge?|ergänze|brauche|erstell\w*)\b[^]*?\bendpunkt\b[^]*/i },
    {
      intent: "page",
      pattern:
        /\b(?:füge?|ergänze|erstell\w*)\b\s+(?:noch\s+)?(?:eine\s+)?(?:neue\s+|weitere\s+)?(?:(?:unter)?seite\s+(?:namens|über|für|mit|zu|zum|zur)\s+["'„“]?(?<name>[\p{L}\p{N} -]{2,40}?)["'“”]?|["'„“]?(?<text>[\p{L}\p{N} -]{2,30}?)["'“”]?-seite)(?:\s+(?:hinzu|an))?[.!]?$/iu,
    },
    {
      intent: "test",
      pattern:
        /\b(?:füge?|schreib\w*|erstell\w*|ergänze)\b(?:(?!\bmit\b).)*\btests?\b(?:\s+(?:für|zu)\s+["'`@]?(?<path>[\w./-]+\w))?/i,
    },
    {
      intent: "rename",
      pattern: command(
        String.raw`benenne\s+(?:die\s+|den\s+|das\s+)?(?:datei\s+|funktion\s+|variable\s+)?${from}\s+(?:überall\s+)?(?:in|zu|nach)\s+${to}${place}\s+um`,
      ),
    },
    {
      intent: "rename",
      pattern: command(
        String.raw`(?:nenne|umbenennen)\s+(?:überall\s+)?${from}\s+(?:überall\s+)?(?:in|zu|nach)\s+${to}${place}(?:\s+um)?`,
      ),
    },
    {
      intent: "replace",
      pattern: command(
        String.raw`(?:ersetze|tausche|ändere)\s+(?:überall\s+|alle\s+)?(?:den text\s+|das wort\s+)?${from}\s+(?:überall\s+)?(?:durch|mit|gegen|in|zu)\s+${to}${place}`,
      ),
    },
    { intent: "theme", pattern: /\b(?:dunkel\w*|dark[- ]?mode|nachtmodus|dunkle[nrms]? (?:modus|design))\b/i },
    {
      intent: "move",
      pattern: command(
        String.raw`(?:verschiebe|bewege)\s+(?:die\s+)?(?:datei(?:en)?\s+)?["'\x60@]?(?<path>[\w./ ,-]+?)["'\x60]?\s+(?:in|nach)\s+(?:den\s+)?(?:ordner\s+)?["'\x60]?(?<to>[\w./-]+?)["'\x60]?`,
      ),
    },
    {
      intent: "delete",
      pattern: command(
        String.raw`(?:lösche?|entferne?)\s+(?:die\s+|den\s+)?(?:datei(?:en)?\s+|ordner\s+)?["'\x60@]?(?<path>[^"'\x60]+?)["'\x60]?`,
      ),
    },
    { intent: "list", pattern: /\b(?:zeige?|liste)\b.*\bdateien\b|\bwelche dateien\b/i },
    {
      intent: "find",
      pattern:
        /^(?:bitte |kannst du )*(?:wo (?:ist|sind|steht|wird)|suche?(?: nach)?|finde)\s+(?:die\s+|das\s+|den\s+|der\s+)?(?:funktion\s+|variable\s+|klasse\s+|wort\s+|text\s+)?["'„“`]?(?<text>[^"“”'`]+?)["'“”`]?(?:\s+(?:definiert|verwendet|benutzt|im (?:projekt|code)))?[.?!]*$/i,
    },
    {
      intent: "fix",
      pattern:
        /\b(?:repariere|behebe|korrigiere)\b|\b(?:geht|funktioniert|klappt|läuft) nicht\b|\bkaputt\b|\bfehler(?:haft)?\b|\btests? schlägt|\btests? schlagen/i,
    },
    {
      intent: "explain",
      pattern:
        /\b(?:erklär\w*|beschreib\w*|was (?:macht|ist|tut|sind)|wie funktioniert|fasse)\b(?:.*?@?(?<path>[\w./-]+\.\w{1,5})\b)?/i,
    },
    {
      intent: "feature",
      pattern:
        /^(?:bitte |und |jetzt |auch |noch |kannst du )*(?:füge?|ergänze|baue?|unterstütze|ich will|ich möchte)\s+(?:bitte\s+)?(?:noch\s+)?(?:eine?[nrms]?\s+|d(?:as|ie|en)\s+)?(?<text>.{2,80}?)(?:\s+(?:hinzu|ein|dazu))?[.!?]*$/i,
    },
  ],
  choices: {
    site: "Eine Website mit drei Seiten",
    landing: "Eine Landingpage",
    snake: "Ein Snake-Spiel",
    noughts: "Ein Tic-Tac-Toe-Spiel",
    quiz: "Ein Quiz",
    todo: "Eine Aufgabenliste",
    kanban: "Ein Kanban-Board",
    dashboard: "Ein Dashboard mit Diagrammen",
    pomodoro: "Ein Pomodoro-Timer",
    calculator: "Ein Taschenrechner",
    notes: "Eine Notizen-App",
    expenses: "Ein Haushaltsbuch",
    password: "Ein Passwortgenerator im Browser",
    react: "Eine React-App",
    solid: "Eine Solid-App",
    vite: "Eine Vite-App",
    node: "Eine REST-API mit Node",
    express: "Eine Express-API",
    hono: "Eine Hono-API",
    go: "Ein Go-Server",
    "python-server": "Ein Python-Server",
    duplicates: "Ein Kommandozeilen-Tool, das doppelte Dateien findet",
    wordcount: "Ein Kommandozeilen-Tool, das Wörter zählt",
    rename: "Ein Kommandozeilen-Tool, das Dateien umbenennt",
    csvjson: "Ein Kommandozeilen-Tool, das CSV in JSON umwandelt",
    csvsummary: "Ein Kommandozeilen-Tool, das CSV-Dateien zusammenfasst",
    "todo-cli": "Eine Aufgabenliste für das Terminal",
    "password-cli": "Ein Passwortgenerator für das Terminal",
  },
  site: {
    heard: {
      food: String.raw`bäckerei\w*|café\w*|kaffee\w*|restaurants?|gasthaus|wirtschaft|konditorei|brauerei|weingut|eisdiele|imbiss|metzgerei|pizzeria`,
      portfolio: String.raw`fotograf\w*|designer\w*|entwickler\w*|künstler\w*|autor\w*|architekt\w*|freiberuf\w*|lebenslauf|musiker\w*|maler\w*`,
      service: String.raw`praxis|studio|friseur\w*|handwerk\w*|schreiner\w*|klempner\w*|elektriker\w*|gärtnerei|anwält\w*|anwalt\w*|kanzlei|zahnarzt\w*|arzt\w*|hotel|schule|firma|unternehmen|laden|geschäft|werkstatt|blumenladen|buchhandlung|verein|fahrschule`,
      product: String.raw`produkte?s?|software|dienst|kurs|buch`,
      event: String.raw`hochzeit|konferenz|fest|feier|konzert|geburtstag|veranstaltung|ausstellung|treffen`,
    },
    home: "Start",
    about: "Über uns",
    contact: "Kontakt",
    menu: "Seiten",
    skip: "Zum Inhalt",
    subjects: {
      food: {
        tagline: "Jeden Morgen von Hand gemacht, aus wenigen guten Zutaten.",
        action: "Wann wir offen haben",
        points: [
          ["Jeden Tag frisch", "Wir fangen um vier an, damit es warm ist, wenn Sie kommen."],
          ["Aus der Gegend", "Mehl, Milch und Obst kommen von Höfen, die wir kennen."],
          ["Zum Bleiben", "Ein paar Tische, guter Kaffee und keine Eile."],
        ],
        about:
          "Wir haben klein angefangen und sind es mit Absicht geblieben. Was wir verkaufen, machen wir selbst, und die meisten Gäste kennen wir beim Namen.",
      },
      portfolio: {
        tagline: "Ausgewählte Arbeiten, und wie sie entstanden sind.",
        action: "Kontakt aufnehmen",
        points: [
          ["Klare Ideen", "Jedes Projekt beginnt mit einer Frage: Wozu soll es dienen?"],
          ["Sorgfältige Arbeit", "Details sind fertig, geprüft und dokumentiert."],
          ["Einfache Zusammenarbeit", "Sie hören jede Woche von mir, und der Preis steht vorher fest."],
        ],
        about:
          "Ich arbeite seit 2015 selbstständig, mit kleinen Firmen und mit Menschen, die eine Idee haben und keine Zeit dafür.",
      },
      service: {
        tagline: "Gute Arbeit, pünktlich, zu einem Preis, der vorher klar ist.",
        action: "Termin vereinbaren",
        points: [
          ["Erfahren", "Ein kleines Team, das seit vielen Jahren zusammenarbeitet."],
          ["Zuverlässig", "Wir kommen, wann wir es gesagt haben, und rufen an, wenn sich etwas ändert."],
          ["In der Nähe", "Zehn Minuten vom Bahnhof, mit Fahrradständern vor der Tür."],
        ],
        about: "Wir sind ein kleines Team. Sie sprechen immer mit denen, die die Arbeit machen.",
      },
      product: {
        tagline: "Der einfache Weg, damit Sie schneller fertig sind.",
        action: "Kostenlos ausprobieren",
        points: [
          ["In einer Minute bereit", "Nichts einzurichten: öffnen und anfangen."],
          ["Bleibt im Hintergrund", "Wenige Einstellungen, keine ungebetenen Meldungen."],
          ["Ihre Daten", "Alles lässt sich jederzeit exportieren."],
        ],
        about:
          "Wir haben es gebaut, weil wir es selbst brauchten. Heute nutzen es Menschen, die lieber arbeiten als Arbeit verwalten.",
      },
      event: {
        tagline: "Ein Tag, gute Leute und etwas zum Erinnern.",
        action: "Jetzt zusagen",
        points: [
          ["Wann", "Samstag, 12. Juni, ab 14 Uhr."],
          ["Wo", "In der alten Mühle am Fluss, fünf Minuten vom Bus."],
          ["Wer", "Alle, die gern kommen möchten. Kinder sind willkommen."],
        ],
        about: "Wir planen das seit einem Jahr. Essen und Getränke sind da; für den Abend hilft eine Jacke.",
      },
      other: {
        tagline: "Was es ist, für wen es ist und wie man Sie erreicht: hier in einem Satz.",
        action: "Kontakt aufnehmen",
        points: [
          ["Erster Punkt", "Was man bekommt."],
          ["Zweiter Punkt", "Was es besonders macht."],
          ["Dritter Punkt", "Was der nächste Schritt ist."],
        ],
        about: "Erzählen Sie hier die Geschichte: wie es begann, wer dahintersteht und was als Nächstes kommt.",
      },
    },
    contactText: "Fragen? Schreiben Sie uns; wir antworten innerhalb von zwei Tagen.",
    name: "Ihr Name",
    message: "Ihre Nachricht",
    send: "E-Mail schreiben",
    newPage: "Hier steht, was auf diese Seite gehört.",
  },
  says: {
    isDemo:
      "Das ist das Demo-Modell von Slipway: Es kennt eine feste Auswahl an Projekten und Änderungen. Für alles andere starten Sie Slipway mit einem richtigen Modell (siehe README).",
    otherLanguages: "Das Demo-Modell versteht Deutsch, Englisch, Französisch, Spanisch und Chinesisch.",
    greeting: "Hallo. Was soll entstehen?",
    welcome: "Gern. Was kommt als Nächstes?",
    help: "Das Demo-Modell baut kleine Projekte, die laufen: Websites und Landingpages, Spiele und kleine Apps für den Browser, Apps mit React und Solid, APIs mit Node, Express, Hono, Go oder Python und Kommandozeilen-Tools. In einem vorhandenen Projekt benennt es um oder ersetzt Text überall, ändert Titel, Texte und Farben, ergänzt Seiten, Tests, Endpunkte, README-Abschnitte und manche Funktionen, erklärt und findet Dinge, verschiebt und löscht Dateien und macht seine letzten Änderungen rückgängig.",
    looking: "Das Projekt wird gelesen…",
    building: (name, folder) =>
      `${name.replace(/^Eine? /, "")} wird gebaut${folder === "" ? "" : `, in \`${folder}\``}…`,
    ready: (title, count) => `${title} ist fertig (${files(count)}).`,
    howToRun: "So läuft es:",
    openPage: "Öffnen Sie `index.html` in der Vorschau oder im Browser.",
    included: (list) => `Enthalten: ${list}.`,
    leftOut: (list) => `Weggelassen: ${list}. Das kann das Demo-Modell nicht bauen.`,
    notUnderstood: (list) => `Nicht verstanden und deshalb weggelassen: ${list}.`,
    sampleTexts: "Die Texte sind Beispiele; ersetzen Sie sie durch eigene.",
    englishInterface: "Die Oberfläche ist auf Englisch; mit „ersetze X durch Y“ lässt sich jeder Text ändern.",
    notCreated: (list) => `Diese Dateien konnten nicht angelegt werden:\n${list}`,
    nothingCreated: "Es wurde nichts angelegt.",
    noted: (text) => `Als Nächstes: ${text}`,
    plan: (steps) =>
      `Ein Plan; noch ist nichts geändert. Ich würde beginnen mit:\n\n${steps}\n\nSag „führe ihn aus“, dann geschieht es.`,
    stopped: "Angehalten. Was schon getan ist, bleibt; „mach das rückgängig“ nimmt es zurück.",
    reverted: "Vermerkt: Einige frühere Änderungen wurden zurückgenommen und bleiben es.",
    read: (names) => `Gelesen: ${names}.`,
    noTool: "Dafür fehlt hier ein Werkzeug.",
    failed: "Bei dieser Anfrage ist etwas schiefgegangen.",
    foreign: (name) => `Das Demo-Modell kennt ${name} nicht; es wurde nichts angelegt.`,
    unknown: "Das kann das Demo-Modell nicht bauen; es wurde nichts angelegt.",
    unclear: "Es ist nicht klar, was geändert werden soll; es wurde nichts geändert.",
    notInThis: (topic, stack) => `${topic} mit ${stack} kann das Demo-Modell nicht bauen; es wurde nichts angelegt.`,
    which: "Stattdessen geht eines davon. Welches soll es sein?",
    openQuote: "„",
    closeQuote: "“",
    empty: "Das Projekt ist leer.",
    whatToBuild: "Beschreiben Sie, was entstehen soll.",
    searching: (text) => `Suche nach „${text}“…`,
    notFound: (text) => `„${text}“ steht in keiner Datei; es wurde nichts geändert.`,
    notFoundIn: (text, path) => `„${text}“ steht nicht in \`${path}\`; es wurde nichts geändert.`,
    foundIn: (count) => `Gefunden in ${files(count)}; wird geändert…`,
    replaced: ({ from: old, to: now, times, files: count }) =>
      `„${old}“ durch „${now}“ ersetzt${times > 0 ? `, in ${times === 1 ? "1 Zeile" : `${times} Zeilen`}` : ""} in ${files(count)}:`,
    namesKept: (list) => `Dateinamen bleiben, wie sie sind, auch wenn diese es enthalten: ${list}.`,
    notSearched: (list) => `Nicht alles konnte durchsucht werden:\n${list}`,
    couldNot: (list) => `Diese Änderungen sind fehlgeschlagen:\n${list}`,
    nothingChanged: "Es wurde nichts geändert.",
    renamed: (old, now) => `\`${old}\` heißt jetzt \`${now}\`.`,
    referencesUpdated: (count) =>
      count === 0 ? "Keine andere Datei verweist darauf." : `Verweise darauf wurden in ${files(count)} angepasst.`,
    noFile: (path) => `\`${path}\` gibt es nicht.`,
    filesAre: "Das Projekt hat:",
    exists: (path) => `\`${path}\` gibt es schon. Sagen Sie, was darin anders werden soll.`,
    created: (path) => `\`${path}\` wurde angelegt.`,
    deleting: (count) => `${files(count)} werden gelöscht…`,
    deleted: (list) => `Gelöscht: ${list}.`,
    notDeleted: (reason) => `Es wurde nichts gelöscht: ${reason}`,
    moved: (list) => `Verschoben:\n${list}`,
    noPage: "Das Projekt hat keine HTML-Seite. Welche Datei soll geändert werden?",
    titleIs: (title) => `Der Titel ist jetzt „${title}“.`,
    noColour: "Keine Farbe gefunden, die sich ändern lässt. Welche Datei und welche Regel?",
    colourIs: (name, colour) => `${name} ist jetzt ${colour}. Prüfen Sie, ob Text darauf lesbar bleibt.`,
    unknownColour: (colour) => `„${colour}“ ist keine Farbe, die das Demo-Modell kennt; ein Code wie #aa3366 geht.`,
    hasTheme: "Das Projekt hat schon einen Dunkelmodus.",
    themeAdded: (path) => `\`${path}\` folgt jetzt dem Dunkelmodus des Systems.`,
    noStyles: "Kein Stylesheet und keine Seite gefunden. Welche Datei soll geändert werden?",
    pageAdded: (path, linked) =>
      `\`${path}\` wurde angelegt${linked > 0 ? `, mit einem Verweis darauf in ${files(linked)}` : ""}.`,
    readmeMade: "`README.md` wurde angelegt: was das Projekt ist, wie es läuft und seine Dateien.",
    readmeSection: (name) => `Der Abschnitt „${name}“ steht jetzt in der README.`,
    hasSection: (name) => `Die README hat schon einen Abschnitt „${name}“.`,
    sectionText: "Hier steht der Text.",
    testAdded: (path, run) => `\`${path}\` wurde angelegt. Aufruf: \`${run}\`.`,
    hasTests: (path) => `Tests gibt es schon: \`${path}\`. Welche Datei braucht einen weiteren?`,
    noTest:
      "Das Demo-Modell kann Tests für JavaScript-Module und Python-Dateien mit einfachen Funktionen schreiben; es wurde keine gefunden. Welche Datei soll getestet werden?",
    endpointAdded: (list) => `${list} ist da, mit einem Test.`,
    hasEndpoint: (path) => `\`${path}\` gibt es schon.`,
    whatReturns: (path) =>
      `Was soll \`${path}\` zurückgeben? Zum Beispiel: „füge einen Endpunkt ${path} hinzu, der {"ok": true} liefert“.`,
    noApi: "Das Demo-Modell kann Endpunkte nur in eigenen APIs ergänzen, und dieses Projekt ist keine.",
    featureAdded: (list) => `Ergänzt: ${list}.`,
    hasFeature: (list) => `Das hat das Projekt schon: ${list}.`,
    featureNot: (name, list) =>
      `„${name}“ kann das Demo-Modell hier nicht ergänzen; es wurde nichts geändert.${list === "" ? "" : ` Möglich ist: ${list}.`}`,
    partsDoNotFit: (list) => `Die nötigen Stellen wurden inzwischen geändert; es wurde nichts geändert:\n${list}`,
    explains: (count) => `Das Projekt hat ${files(count)}.`,
    lines: (count) => (count === 1 ? "1 Zeile" : `${count} Zeilen`),
    undoing: (text) => `„${text}“ wird rückgängig gemacht…`,
    undone: (count) => `Rückgängig gemacht: ${files(count)}.`,
    nothingToUndo: "In diesem Gespräch gibt es keine Änderung, die rückgängig zu machen wäre.",
    notUndone: (list) => `Das konnte nicht rückgängig gemacht werden:\n${list}`,
    useUndo: "Dafür hilft „Undo“ an der Nachricht.",
    checking: "Die Dateien werden geprüft…",
    fixed: (list) => `Behoben:\n${list}`,
    noFault:
      "Ohne das Projekt auszuführen ist kein Fehler zu sehen. Was haben Sie getan, was haben Sie erwartet, und was ist geschehen? Die Ausgabe des Tests hilft.",
    faults: (list) => `Gefunden:\n${list}`,
    pageBegins: (text) => `Die Seite beginnt so:\n\n> ${text}\n\nDas ist ihr Anfang, keine Zusammenfassung.`,
    notReadable: (reason) => `Die Seite konnte nicht gelesen werden: ${reason}`,
    noRun: "Die Dateien sagen nicht, wie das Projekt läuft. Gibt es eine README?",
    matches: (count) => (count === 1 ? "1 Zeile:" : `${count} Zeilen:`),
  },
};
