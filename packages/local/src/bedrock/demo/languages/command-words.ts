import type { Language } from "./language.ts";

/** What the demo model understands and says of commands. The groups are `text` for a command that is given. */
export interface CommandWords {
  /** "Run the tests", "start it", "run `npm test`", "fix the failing test". */
  heard: { tests: RegExp; start: RegExp; command: RegExp; mend: RegExp };
  installing: string;
  testing: string;
  starting: string;
  running(command: string): string;
  notInstalled: string;
  passed: string;
  failing: string;
  listens(port: string): string;
  noPort: string;
  ended(code: string): string;
  notRun(reason: string): string;
  mending(list: string): string;
  mended(list: string): string;
  partlyMended: string;
  notMended: string;
  noTests: string;
  noServer: string;
  unavailable: string;
}

/** A command in backquotes, or one that begins with a program that is known. */
const given = String.raw`(?:\x60(?<text>[^\x60]+)\x60|(?<plain>(?:npm|npx|node|pnpm|yarn|python3?|pip|go|git|ls|cat|rg|grep|find|curl|echo|make|tsc|vitest|pytest|bash|sh|pwd|du|wc|head|tail)(?:\s+\S.*)?))`;
const command = (before: string) => new RegExp(`^(?:${before})\\s+${given}[\\s.!]*$`, "is");

export const commandWords: Record<Language["code"], CommandWords> = {
  en: {
    heard: {
      tests:
        /^(?:please |now |and |then |can you |could you )*(?:(?:re-?)?run|execute|try)\s+(?:all |the |my |its |these |those )*(?:unit )?tests?(?: suite)?(?: again| now| please)*[\s.!?]*$|^(?:do|are) (?:all )?(?:the |my )?tests? (?:pass|passing|green|ok)\b/i,
      start:
        /^(?:please |now |and |then |can you |could you )*(?:start|run|launch|serve)\s+(?:it|this|(?:the |my |a )?(?:(?:dev(?:elopment)? )?server|app|application|project|site|website|page|game|program))(?: up| again| now| please)*[\s.!?]*$/i,
      command: command("(?:please |now |and |then |can you |could you )*(?:run|execute)(?: the command)?:?"),
      mend: /\b(?:fix|repair|mend|debug)\b.*\btests?\b|\btests?\b.*\b(?:fix|repair|mend|debug)\b|\btests? (?:fails?|is failing|are failing|failed)\b|\bfailing tests?\b/i,
    },
    installing: "Installing what it needs; this asks for approval, since it uses the network.",
    testing: "Running the tests…",
    starting: "Starting the server…",
    running: (text) => `Running ${text}…`,
    notInstalled: "Its packages are not installed, so nothing was tested or started:",
    passed: "The tests pass.",
    failing: "The tests fail:",
    listens: (port) => `The server runs on port ${port}; open it in the preview.`,
    noPort: "The server was started, and listens on no port so far:",
    ended: (code) => `It ended with exit code ${code}:`,
    notRun: (reason) => `It did not run: ${reason}`,
    mending: (list) => `Trying a change:\n${list}`,
    mended: (list) => `Fixed:\n${list}\n\nThe tests pass now.`,
    partlyMended: "Other tests still fail:",
    notMended:
      "The demo model mends simple slips only, and found none that makes this pass. The files are as before. The tests say:",
    noTests: "The project has no tests that can be run. “Add a test” writes some.",
    noServer: "The project has no server or script to start.",
    unavailable: "Commands cannot be run here.",
  },
  de: {
    heard: {
      tests:
        /^(?:bitte |jetzt |und )*(?:führe?|lass|starte|teste)\s+(?:bitte |alle |die |meine )*(?:unit-?)?tests?(?: nochmal| erneut| aus| laufen| jetzt)*[\s.!?]*$|^tests? (?:ausführen|laufen lassen|starten)[\s.!?]*$|^(?:laufen|bestehen) (?:die |alle )?tests?\b/i,
      start:
        /^(?:bitte |jetzt |und )*(?:starte?|führe?)\s+(?:es|sie|ihn|das|(?:den |die |das )?(?:(?:dev-?)?server|app|anwendung|projekt|seite|spiel|programm))(?: aus| nochmal| jetzt| bitte)*[\s.!?]*$/i,
      command: command("(?:bitte |jetzt )*(?:führe?(?: den befehl)?|starte):?"),
      mend: /(?:behebe?|repariere?|korrigiere?|fixe?).*tests?|tests?\b.*\b(?:behebe?|repariere?|korrigiere?|fixe?)\b|tests? (?:schlägt|schlagen) fehl|fehlschlagende\w* tests?/i,
    },
    installing: "Installiere, was nötig ist; das braucht eine Zustimmung, da es das Netz nutzt.",
    testing: "Führe die Tests aus…",
    starting: "Starte den Server…",
    running: (text) => `Führe ${text} aus…`,
    notInstalled: "Die Pakete sind nicht installiert, daher wurde nichts getestet oder gestartet:",
    passed: "Die Tests laufen durch.",
    failing: "Die Tests schlagen fehl:",
    listens: (port) => `Der Server läuft auf Port ${port}; er lässt sich in der Vorschau öffnen.`,
    noPort: "Der Server wurde gestartet und lauscht bisher auf keinem Port:",
    ended: (code) => `Beendet mit Exit-Code ${code}:`,
    notRun: (reason) => `Es wurde nicht ausgeführt: ${reason}`,
    mending: (list) => `Versuche eine Änderung:\n${list}`,
    mended: (list) => `Behoben:\n${list}\n\nDie Tests laufen jetzt durch.`,
    partlyMended: "Andere Tests schlagen noch fehl:",
    notMended:
      "Das Demo-Modell behebt nur einfache Versehen und hat keines gefunden. Die Dateien sind wie zuvor. Die Tests melden:",
    noTests: "Das Projekt hat keine Tests, die sich ausführen lassen.",
    noServer: "Das Projekt hat keinen Server und kein Skript zum Starten.",
    unavailable: "Befehle lassen sich hier nicht ausführen.",
  },
  fr: {
    heard: {
      tests:
        /^(?:maintenant |et )*(?:lance|exécute|relance|fais tourner)(?:z)?\s+(?:tous )?(?:les |mes )?tests?(?: encore)?[\s.!?]*$|^les tests passent\b/i,
      start:
        /^(?:maintenant |et )*(?:lance|démarre|exécute)(?:z)?(?:-l[ea])?\s*(?:(?:le |l['’]|la )?(?:serveur(?: de développement)?|app(?:lication)?|projet|site|page|jeu|programme))?[\s.!?]*$/i,
      command: command("(?:lance|exécute)(?:z)?(?: la commande)?\\s*:?"),
      mend: /(?:corrige|répare).*tests?|tests?\b.*(?:corrige|répare)|tests? (?:échoue|qui échoue)/i,
    },
    installing: "Installation du nécessaire ; une approbation est demandée, car cela utilise le réseau.",
    testing: "Lancement des tests…",
    starting: "Démarrage du serveur…",
    running: (text) => `Exécution de ${text}…`,
    notInstalled: "Les paquets ne sont pas installés, donc rien n’a été testé ni démarré :",
    passed: "Les tests passent.",
    failing: "Les tests échouent :",
    listens: (port) => `Le serveur tourne sur le port ${port} ; il s’ouvre dans l’aperçu.`,
    noPort: "Le serveur a été démarré et n’écoute encore sur aucun port :",
    ended: (code) => `Terminé avec le code ${code} :`,
    notRun: (reason) => `Non exécuté : ${reason}`,
    mending: (list) => `Essai d’un changement :\n${list}`,
    mended: (list) => `Corrigé :\n${list}\n\nLes tests passent maintenant.`,
    partlyMended: "D’autres tests échouent encore :",
    notMended:
      "Le modèle de démonstration ne corrige que des erreurs simples et n’en a pas trouvé. Les fichiers sont comme avant. Les tests disent :",
    noTests: "Le projet n’a pas de tests à lancer.",
    noServer: "Le projet n’a ni serveur ni script à démarrer.",
    unavailable: "Aucune commande ne peut être exécutée ici.",
  },
  es: {
    heard: {
      tests:
        /^(?:ahora |y |por favor )*(?:ejecuta|corre|lanza|pasa)\s+(?:todas |todos )?(?:las |los |mis )?(?:pruebas|tests?)(?: otra vez| de nuevo)?[\s.!?]*$|^¿?pasan (?:las pruebas|los tests)\b/i,
      start:
        /^(?:ahora |y |por favor )*(?:inícia|inicia|arranca|ejecuta|lanza)(?:l[oa])?\s*(?:(?:el |la )?(?:servidor(?: de desarrollo)?|app|aplicación|proyecto|sitio|página|juego|programa))?[\s.!?]*$/i,
      command: command("(?:ejecuta|corre)(?: el comando)?:?"),
      mend: /(?:arregla|corrige|repara).*(?:pruebas?|tests?)|(?:pruebas?|tests?)\b.*(?:arregla|corrige|repara)|(?:pruebas?|tests?) (?:falla|fallan|que falla)/i,
    },
    installing: "Instalando lo necesario; se pide aprobación, porque usa la red.",
    testing: "Ejecutando las pruebas…",
    starting: "Iniciando el servidor…",
    running: (text) => `Ejecutando ${text}…`,
    notInstalled: "Los paquetes no están instalados, así que no se probó ni inició nada:",
    passed: "Las pruebas pasan.",
    failing: "Las pruebas fallan:",
    listens: (port) => `El servidor está en el puerto ${port}; se abre en la vista previa.`,
    noPort: "El servidor se inició y aún no escucha en ningún puerto:",
    ended: (code) => `Terminó con el código ${code}:`,
    notRun: (reason) => `No se ejecutó: ${reason}`,
    mending: (list) => `Probando un cambio:\n${list}`,
    mended: (list) => `Corregido:\n${list}\n\nAhora las pruebas pasan.`,
    partlyMended: "Otras pruebas aún fallan:",
    notMended:
      "El modelo de demostración solo corrige descuidos simples y no encontró ninguno. Los archivos están como antes. Las pruebas dicen:",
    noTests: "El proyecto no tiene pruebas que ejecutar.",
    noServer: "El proyecto no tiene servidor ni script que iniciar.",
    unavailable: "Aquí no se pueden ejecutar comandos.",
  },
  zh: {
    heard: {
      tests: /^(?:请|现在)?(?:再次|重新)?(?:运行|执行|跑)(?:一下|所有)?(?:的)?测试[。！!.\s]*$|^测试(?:通过|能过)了?吗/,
      start: /^(?:请|现在)?(?:启动|运行)(?:一下)?(?:它|服务器|开发服务器|应用|项目|网站|游戏|程序)[。！!.\s]*$/,
      command: new RegExp(`^(?:请|现在)?(?:运行|执行)(?:命令)?[：:\\s]*${given}[\\s。.!！]*$`, "is"),
      mend: /(?:修复|修好|修正).*测试|测试.*(?:修复|修好|修正)|测试(?:失败|不通过)/,
    },
    installing: "正在安装依赖；因为要访问网络，所以需要批准。",
    testing: "正在运行测试…",
    starting: "正在启动服务器…",
    running: (text) => `正在运行 ${text}…`,
    notInstalled: "依赖没有安装，因此没有测试或启动：",
    passed: "测试全部通过。",
    failing: "测试失败：",
    listens: (port) => `服务器运行在端口 ${port}；可以在预览中打开。`,
    noPort: "服务器已启动，但还没有监听端口：",
    ended: (code) => `退出码为 ${code}：`,
    notRun: (reason) => `没有运行：${reason}`,
    mending: (list) => `正在尝试修改：\n${list}`,
    mended: (list) => `已修复：\n${list}\n\n现在测试全部通过。`,
    partlyMended: "还有其他测试失败：",
    notMended: "演示模型只能修复简单的失误，这里没有找到。文件保持原样。测试输出：",
    noTests: "项目没有可以运行的测试。",
    noServer: "项目没有可以启动的服务器或脚本。",
    unavailable: "这里无法运行命令。",
  },
};
