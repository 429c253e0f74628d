import type { Language } from "./language.ts";

const files = (count: number) => (count === 1 ? "1 archivo" : `${count} archivos`);
const from = String.raw`["'«“\x60]?(?<from>.+?)["'»”\x60]?`;
const to = String.raw`["'«“\x60]?(?<to>.+?)["'»”\x60]?`;
const command = (pattern: string) =>
  new RegExp(
    String.raw`^(?:(?:por favor|y|luego|ahora|también|ok|puedes|podrías)[\s,]+)*${pattern}(?:,? por favor)?[\s.!?]*$`,
    "iu",
  );
const place = String.raw`(?:\s+(?:en todas partes|en todos los archivos|en todo el proyecto|por todas partes))?`;

export const spanish: Language = {
  code: "es",
  functionWords:
    "el la los las un una unos unas de del y o con para por en es son yo tú mi mis tu nos crea crear haz hazme hacer escribe construye desarrolla quiero quisiera necesito puedes podrías sin todos todas cambia archivos página colores color reemplaza sustituye borra elimina añade agrega hola gracias cómo qué dónde explica muestra deshaz mejor renombra usa programa desarrollar juegos calculadora sitio juego herramienta página tareas que se está una",
  heard: {
    landing: String.raw`página de (?:aterrizaje|destino|presentación|inicio)|landing`,
    kanban: String.raw`tablero (?:de )?(?:kanban|tareas)`,
    dashboard: String.raw`(?:panel|tablero|cuadro) de (?:control|mando|datos|ventas)|panel con gráficos`,
    snake: String.raw`(?:juego de la )?serpiente|juego (?:de )?snake|viborita`,
    noughts: String.raw`tres en (?:raya|línea)|gato(?= juego)|tatetí`,
    quiz: String.raw`cuestionario|trivial?|concurso de preguntas`,
    pomodoro: String.raw`temporizador(?: pomodoro)?|cronómetro`,
    calculator: String.raw`calculadora`,
    expenses: String.raw`(?:control |registro |gestor )?(?:de )?gastos|presupuesto`,
    password: String.raw`generador de contraseñas?|contraseñas aleatorias`,
    notes: String.raw`(?:bloc|aplicación|app|cuaderno) de notas|notas|diario`,
    todo: String.raw`listas? de (?:tareas|la compra|compras|pendientes|quehaceres)|gestor de tareas|tareas|pendientes`,
    go: String.raw`(?:servidor|api|programa|servicio) (?:en |de )?go|en go(?:lang)?`,
    python: String.raw`en python`,
    node: String.raw`en node(?:\.?js)?|en javascript|con node(?:\.?js)?`,
    api: String.raw`interfaz rest|puntos? de acceso`,
    server: String.raw`servidor(?:es)?(?: web| http)?`,
    cli: String.raw`(?:herramienta |programa |aplicación )?(?:de |en )?(?:la )?línea de comandos|consola|terminal|scripts?`,
    site: String.raw`sitios?(?: web)?|páginas? web|web para|página para|blog|portafolio|portfolio|currículum`,
    game: String.raw`juegos?`,
    app: String.raw`aplicaci(?:ón|ones)|herramientas?|programas?|software`,
    mobile: String.raw`aplicación móvil|app móvil|bot de (?:telegram|discord|whatsapp)|app de (?:iphone|android)`,
    "foreign-thing": String.raw`ajedrez|ahorcado|buscaminas|batalla naval|red social|tienda en línea|tienda online|mensajería|el tiempo|clima|cohete|buscador|hoja de cálculo|reproductor de música`,
    duplicates: String.raw`(?:archivos |ficheros )?(?:duplicados|repetidos|idénticos)`,
    wordcount: String.raw`(?:cuenta|contar|contador de|cuente|contando) (?:las )?(?:palabras|líneas)`,
    rename: String.raw`renombr(?:a|ar|e|ador)(?: de)? (?:los |mis |muchos |varios )?(?:archivos|ficheros|fotos)`,
    csvjson: String.raw`csv (?:a|en) json`,
    csvsummary: String.raw`(?:resum(?:a|e|en|ir)|resumen de|estadísticas de) (?:un |una |los )?(?:archivos? )?csv`,
    theme: String.raw`modo (?:oscuro|noche|nocturno)|tema oscuro`,
    sound: String.raw`sonidos?|efectos de sonido|música`,
    wrap: String.raw`paredes abiertas|sin paredes|atravesar (?:las )?paredes`,
    computer: String.raw`contra (?:la |el )?(?:computadora|ordenador|máquina)`,
    search: String.raw`(?:campo |barra )?(?:de )?búsqueda|buscador interno`,
    due: String.raw`fechas? (?:límite|de vencimiento|de entrega)|vencimientos?`,
    csv: String.raw`export(?:ar|ación)(?: a| en)? csv`,
    tests: String.raw`pruebas?(?: unitarias)?|tests?`,
    validation: String.raw`validación`,
    persist: String.raw`(?:guard|almacen)\w+ en [\p{L} ]*?(?:archivo|fichero|navegador)|en un archivo(?: json)?|en memoria`,
    score: String.raw`puntuación|puntos|récord|marcador`,
    filter: String.raw`filtros?`,
    drag: String.raw`arrastrar(?: y soltar)?`,
    keyboard: String.raw`teclado|flechas`,
    responsive: String.raw`(?:bonit|modern|sencill|pequeñ|limpi|elegante|simple|accesible)[oa]?s?(?: diseño)?|diseño(?: bonito| moderno)?|responsive|sin (?:frameworks?|dependencias)|comentarios`,
    charts: String.raw`gráfic[oa]s?|diagramas?|columnas|tarjetas`,
    contact: String.raw`(?:formulario de |página de )?contacto|sobre nosotros|horarios?|servicios`,
    beyond: String.raw`inicio de sesión|iniciar sesión|autenticación|registro de usuarios?|cuentas?(?: de usuario)?|usuarios|pagos?(?: en línea)?|pagar|carrito|pedidos en línea|reservas?(?: en línea| online)?|bases? de datos|correos?(?: electrónicos?)?|notificaciones|recordatorios|subir archivos|tiempo real|multijugador|en línea|inteligencia artificial|ia|mapas?|multilingüe|traducciones|sin conexión|compartir|pdf|panel de administración|roles|paginación|niveles|obstáculos|animaciones|calendario|subtareas|categorías|etiquetas|prioridades|reconocimiento de voz|cifrado|clasificación`,
  },
  wants:
    /^(?:(?:hola|buenas|buenos días|buenas tardes|ok|oye|por favor|porfa)[\s,!.]+)*(?:(?:¿?\s*(?:puedes|podrías|puede|podría)(?:me)? (?:por favor )?)|(?:yo )?(?:quiero|quisiera|necesito|me gustaría|queremos|necesitamos)(?: que)? ?(?:me )?)*(?:(?:crea\w*|créame|haz(?:me)?|hacer(?:me)?|hagas|escrib\w+|constru\w+|desarroll\w+|genera\w*|programa\w*|diseña\w*)(?![\p{L}])|una?\b|el juego\b|mi propi[oa]\b)/iu,
  about:
    /(?:\bpara|\bsobre|\bde|\bdel)\s+(?!(?:el navegador|mí|nosotros|la línea|la terminal|línea|tareas|control|mando|contraseñas?|notas|gastos|aterrizaje|destino|presentación|la serpiente|dos|la compra)\b)(?:(?:una?|unos|unas|el|la|los|las|mi|mis|nuestr[oa]s?)\s+)?(?<about>[\p{L}\p{N}][\p{L}\p{N}&-]*(?:\s+(?!(?:con|en|que|y|pero|sin|usando|por|para|llamad[oa]|se|a)(?![\p{L}]))[\p{L}\p{N}'’&-]+){0,3})/iu,
  named:
    /(?:llamad[oa]|que se llam[ae]|titulad[oa]|con el nombre(?: de)?)\s+["'«“]?(?<name>[\p{L}\p{N}][\p{L}\p{N}\s'’&.-]{0,40}?)["'»”]?(?=\s*(?:[,.;!?]|$|\s(?:con|y|para|que|en)\b))/iu,
  including: /\b(?:con|incluyendo|además de|más|que (?:tenga|incluya|permita))(?![\p{L}])/iu,
  and: /\s*(?:,|;|\by\b|\be\b|&|\bmás\b|\bademás de\b|\bo\b)\s*/i,
  without:
    /\b(?:no (?:uses?|utilices|quiero|emplees)|sin(?: usar)?|en lugar de|en vez de)\s+(?:un |una |el |la |ningún )?(?<what>[\w.+#/-]+(?:\s*(?:,|o|y|ni)\s+(?!(?:haz|crea|con|quiero)\b)[\w.+#-]+)*)/giu,
  ordinals: [
    /^(?:(?:el|la) )?(?:primer[oa]?|uno|una|número uno)$/i,
    /^(?:(?:el|la) )?(?:segund[oa]|dos|número dos)$/i,
    /^(?:(?:el|la) )?(?:tercer[oa]?|tres|número tres)$/i,
    /^(?:(?:el|la) )?(?:cuart[oa]|cuatro|número cuatro)$/i,
    /^(?:(?:el|la) )?(?:quint[oa]|cinco|número cinco)$/i,
    /^(?:(?:el|la) )?(?:sext[oa]|seis|número seis)$/i,
  ],
  yes: /^(?:sí|si|claro|vale|de acuerdo|adelante|perfecto|cualquiera)(?![\p{L}])[\s!.,\p{L}]*$/iu,
  no: /^(?:no|ningun[oa]|nada|olvídalo|cancela)(?![\p{L}])[\s!.,\p{L}]{0,20}$/iu,
  commands: [
    { intent: "greet", pattern: /^¡?(?:hola|buenas|buenos días|buenas tardes)[\s!.,]*$/i },
    {
      intent: "thank",
      pattern: /^¡?(?:gracias|muchas gracias|genial|perfecto|estupendo|muy bien)[\s!.,\p{L}]{0,30}$/iu,
    },
    { intent: "help", pattern: /qué (?:puedes|sabes) hacer|quién eres|^ayuda[\s?!.]*$/i },
    { intent: "stop", pattern: /^(?:para|alto|detente|cancela|olvídalo)[\s!.]*$/i },
    { intent: "undo", pattern: /^(?:por favor )?(?:deshaz|deshacer|revierte|anula)(?![\p{L}])/iu },
    {
      intent: "run",
      pattern: /\bcómo (?:lo |la )?(?:ejecuto|arranco|inicio|pruebo|uso|abro|instalo|se (?:ejecuta|inicia|usa))/i,
    },
    { intent: "fetch", pattern: /^(?:lee|abre|resume|mira)(?![\p{L}])[^]*?(?<url>https?:\/\/\S+)/iu },
    {
      intent: "title",
      pattern: command(String.raw`(?:cambia|pon|modifica)\s+el título(?:\s+de la página)?\s+(?:a|por|en)\s+${to}`),
    },
    {
      intent: "replace",
      pattern:
        /(?:reemplaza|sustituye|cambia)\s+["«“'`](?<from>[^"»”'`]+)["»”'`]\s+(?:por|con|a)\s+["«“'`](?<to>[^"»”'`]*)["»”'`](?:\s+en\s+(?:el archivo\s+)?[`"“@]?(?<path>[\w./-]*\.\w+)\b)?/i,
    },
    {
      intent: "colour",
      pattern:
        /(?:cambia|pon|haz)(?![\p{L}]).*?(?<name>fondo|texto|acento|botones?|colores|color)(?![\p{L}]).*?(?:\b(?:a|en|de)\s+|\s)(?<to>#[0-9a-f]{3,8}|roj[oa]|azul|verde|naranja|morad[oa]|violeta|rosa|amarill[oa]|negr[oa]|blanc[oa]|gris|marrón|turquesa)(?![\p{L}])/iu,
    },
    {
      intent: "colour",
      pattern:
        /^(?:pon|haz|pinta)(?:lo|la)?\s+(?:todo\s+|la página\s+|los botones\s+|la serpiente\s+)?(?:de\s+)?(?:color\s+)?(?<to>#[0-9a-f]{3,8}|roj[oa]|azul|verde|naranja|morad[oa]|violeta|rosa|amarill[oa]|turquesa)(?![\p{L}])/iu,
    },
    {
      intent: "readme",
      pattern:
        /(?:añade|agrega|escribe)\b.*?sección\s+(?:sobre\s+|llamada\s+|de\s+)?["'«“]?(?<name>[\p{L}\p{N} -]{2,40}?)["'»”]?\s+(?:al|en el)\s+readme/iu,
    },
    { intent: "readme", pattern: /(?:añade|agrega|escribe|crea)\b.*\breadme\b/i },
    { intent: "licence", pattern: /(?:añade|agrega|escribe|crea)\b.*\blicencia\b/i },
    {
      intent: "file",
      pattern:
        /(?:crea|añade|agrega)\s+(?:un\s+)?(?:nuevo\s+)?(?:archivo|fichero)\s+(?:llamado\s+)?["'`]?(?<path>[\w./-]+\.\w+)["'`]?(?:\s+con(?:\s+el texto)?\s+(?<text>[\s\S]+))?$/i,
    },
    {
      intent: "endpoint",
      pattern: /(?:añade|agrega|crea|necesito)\b[^]*?(?:endpoint|ruta|punto de acceso)(?![\p{L}])[^]*/iu,
    },
    {
      intent: "page",
      pattern:
        /(?:añade|agrega|crea)\s+(?:una\s+)?(?:nueva\s+)?página\s+(?:sobre\s+|llamada\s+|para\s+|de\s+)?["'«“]?(?<name>[\p{L}\p{N} -]{2,40}?)["'»”]?[.!]?$/iu,
    },
    {
      intent: "test",
      pattern:
        /(?:añade|agrega|escribe|crea)\b(?:(?!\bcon\b).)*\b(?:pruebas?|tests?)\b(?:\s+(?:para|de)\s+["'`@]?(?<path>[\w./-]+\w))?/i,
    },
    {
      intent: "rename",
      pattern: command(
        String.raw`(?:renombra|cambia el nombre de)\s+(?:el archivo\s+|la función\s+|la variable\s+)?${from}\s+(?:a|como|por)\s+${to}${place}`,
      ),
    },
    {
      intent: "replace",
      pattern: command(
        String.raw`(?:reemplaza|sustituye|cambia)\s+(?:el texto\s+|la palabra\s+)?${from}\s+(?:por|con|a)\s+${to}${place}`,
      ),
    },
    { intent: "theme", pattern: /\b(?:modo (?:oscuro|nocturno)|tema oscuro)\b/i },
    {
      intent: "move",
      pattern: command(
        String.raw`mueve\s+(?:el archivo\s+|los archivos\s+)?["'\x60@]?(?<path>[\w./ ,-]+?)["'\x60]?\s+(?:a|dentro de)\s+(?:la carpeta\s+)?["'\x60]?(?<to>[\w./-]+?)["'\x60]?`,
      ),
    },
    {
      intent: "delete",
      pattern: command(
        String.raw`(?:borra|elimina|quita)\s+(?:el archivo\s+|los archivos\s+|la carpeta\s+)?["'\x60@]?(?<path>[^"'\x60]+?)["'\x60]?`,
      ),
    },
    { intent: "list", pattern: /(?:lista|muestra|qué)\b.*\b(?:archivos|ficheros)\b/i },
    {
      intent: "find",
      pattern:
        /^(?:por favor |¿|puedes )*(?:dónde (?:está|están|se (?:define|usa))|busca|encuentra)\s+(?:la\s+|el\s+|los\s+)?(?:función\s+|variable\s+|clase\s+|palabra\s+|texto\s+)?["'«“`]?(?<text>[^"»”'`?]+?)["'»”`]?(?:\s+(?:definid[oa]|usad[oa]|en el (?:proyecto|código)))?[.?!]*$/i,
    },
    {
      intent: "fix",
      pattern:
        /(?:corrige|arregla|repara|depura)(?![\p{L}])|no funciona|\bbugs?\b|\berror(?:es)?\b|pruebas? (?:falla|fallan)/iu,
    },
    {
      intent: "explain",
      pattern: /(?:explica|describe|resume|qué (?:hace|es)|cómo funciona)(?:.*?@?(?<path>[\w./-]+\.\w{1,5})\b)?/i,
    },
    {
      intent: "feature",
      pattern:
        /^(?:y |ahora |también |por favor |puedes )*(?:añade|agrega|incluye|quiero)\s+(?:también\s+)?(?:una?\s+|el\s+|la\s+|los\s+|las\s+)?(?<text>.{2,80}?)[.!?]*$/i,
    },
  ],
  choices: {
    site: "Un sitio web de tres páginas",
    landing: "Una landing page",
    snake: "Un juego de la serpiente",
    noughts: "Un tres en raya",
    quiz: "Un cuestionario",
    todo: "Una lista de tareas",
    kanban: "Un tablero kanban",
    dashboard: "Un panel de control con gráficos",
    pomodoro: "Un temporizador pomodoro",
    calculator: "Una calculadora",
    notes: "Una aplicación de notas",
    expenses: "Un control de gastos",
    password: "Un generador de contraseñas en el navegador",
    react: "Una aplicación React",
    solid: "Una aplicación Solid",
    vite: "Una app con Vite",
    node: "Una API REST con Node",
    express: "Una API con Express",
    hono: "Una API con Hono",
    go: "Un servidor Go",
    "python-server": "Un servidor Python",
    duplicates: "Una herramienta de línea de comandos que busca archivos duplicados",
    wordcount: "Una herramienta de línea de comandos que cuenta palabras",
    rename: "Una herramienta de línea de comandos que renombra archivos",
    csvjson: "Una herramienta de línea de comandos que convierte CSV a JSON",
    csvsummary: "Una herramienta de línea de comandos que resume archivos CSV",
    "todo-cli": "Una lista de tareas para la terminal",
    "password-cli": "Un generador de contraseñas para la terminal",
  },
  site: {
    heard: {
      food: String.raw`panaderías?|cafeterías?|cafés?|restaurantes?|pastelerías?|bares|pizzerías?|cervecerías?|bodegas?`,
      portfolio: String.raw`fotógraf[oa]s?|diseñador\w*|desarrollador\w*|artistas?|autor\w*|arquitect[oa]s?|autónom[oa]s?|currículum|músic[oa]s?|pintor\w*`,
      service: String.raw`estudios?|peluquerías?|gimnasios?|fontaner[oa]s?|electricistas?|carpinter[oa]s?|abogad[oa]s?|clínicas?|dentistas?|médic[oa]s?|hoteles|hotel|escuelas?|empresas?|tiendas?|floristerías?|librerías?|talleres|taller|asociación`,
      product: String.raw`productos?|software|servicios?|cursos?|libros?`,
      event: String.raw`bodas?|conferencias?|fiestas?|conciertos?|cumpleaños|eventos?|exposici(?:ón|ones)`,
    },
    home: "Inicio",
    about: "Sobre nosotros",
    contact: "Contacto",
    menu: "Páginas",
    skip: "Ir al contenido",
    subjects: {
      food: {
        tagline: "Hecho a mano cada mañana, con pocos ingredientes y buenos.",
        action: "Ver los horarios",
        points: [
          ["Fresco cada día", "Empezamos a las cuatro para que esté caliente cuando llegues."],
          ["De la zona", "La harina, la leche y la fruta vienen de granjas que conocemos."],
          ["Para quedarse", "Unas mesas, buen café y ninguna prisa."],
        ],
        about: "Empezamos pequeños y así seguimos a propósito. Lo que vendemos lo hacemos nosotros.",
      },
      portfolio: {
        tagline: "Trabajos escogidos, y cómo nacieron.",
        action: "Contactar",
        points: [
          ["Ideas claras", "Cada proyecto empieza con una pregunta: ¿para qué sirve?"],
          ["Trabajo cuidado", "Los detalles están terminados, probados y documentados."],
          ["Fácil de tratar", "Tienes noticias cada semana, y el precio se acuerda antes."],
        ],
        about:
          "Trabajo por mi cuenta desde 2015, con empresas pequeñas y con gente que tiene una idea y no tiene tiempo.",
      },
      service: {
        tagline: "Buen trabajo, a tiempo y con un precio claro desde el principio.",
        action: "Pedir cita",
        points: [
          ["Con experiencia", "Un equipo pequeño que trabaja junto desde hace años."],
          ["De confianza", "Llegamos cuando dijimos, y llamamos si algo cambia."],
          ["Cerca", "A diez minutos de la estación, con sitio para bicicletas."],
        ],
        about: "Somos un equipo pequeño. Siempre hablas con quien hace el trabajo.",
      },
      product: {
        tagline: "La forma sencilla de terminar antes.",
        action: "Probar gratis",
        points: [
          ["Listo en un minuto", "Nada que instalar: abre y empieza."],
          ["Discreto", "Pocos ajustes y ningún aviso que no hayas pedido."],
          ["Tuyo", "Exporta todo cuando quieras."],
        ],
        about:
          "Lo hicimos porque lo necesitábamos. Hoy lo usa cada día gente que prefiere trabajar a gestionar el trabajo.",
      },
      event: {
        tagline: "Un día, buena gente y un buen recuerdo.",
        action: "Reservar plaza",
        points: [
          ["Cuándo", "El sábado 12 de junio, desde las dos de la tarde."],
          ["Dónde", "En el viejo molino junto al río, a cinco minutos del autobús."],
          ["Quién", "Quien quiera venir. Los niños son bienvenidos."],
        ],
        about: "Llevamos un año preparándolo. Habrá comida y bebida; trae una chaqueta para la noche.",
      },
      other: {
        tagline: "Qué es, para quién es y cómo contactar: escríbelo aquí en una frase.",
        action: "Contactar",
        points: [
          ["Primer punto", "Di qué se consigue."],
          ["Segundo punto", "Di qué lo hace diferente."],
          ["Tercer punto", "Di cuál es el siguiente paso."],
        ],
        about: "Cuenta aquí la historia: cómo empezó, quién está detrás y qué viene después.",
      },
    },
    contactText: "¿Preguntas? Escríbenos y respondemos en dos días.",
    name: "Tu nombre",
    message: "Tu mensaje",
    send: "Escribir un correo",
    newPage: "Escribe aquí lo que va en esta página.",
  },
  says: {
    isDemo:
      "Este es el modelo de demostración de Slipway: conoce una selección fija de proyectos y cambios. Para lo demás, inicia Slipway con un modelo de verdad (véase el README).",
    otherLanguages: "El modelo de demostración entiende español, inglés, alemán, francés y chino.",
    greeting: "Hola. ¿Qué quieres construir?",
    welcome: "De nada. ¿Qué sigue?",
    help: "El modelo de demostración construye proyectos pequeños que funcionan: sitios web y landing pages, juegos y pequeñas aplicaciones para el navegador, aplicaciones con React y Solid, API con Node, Express, Hono, Go o Python, y herramientas de línea de comandos. En un proyecto que ya existe renombra o reemplaza texto en todas partes, cambia títulos, textos y colores, añade páginas, pruebas, rutas, secciones del README y algunas funciones, explica y encuentra cosas, mueve y borra archivos, y deshace sus últimos cambios.",
    looking: "Leyendo el proyecto…",
    building: (name, folder) =>
      `Creando: ${name.charAt(0).toLowerCase()}${name.slice(1)}${folder === "" ? "" : `, en \`${folder}\``}…`,
    ready: (title, count) => `${title}: listo (${files(count)}).`,
    howToRun: "Para ejecutarlo:",
    openPage: "Abre `index.html` en la vista previa o en un navegador.",
    included: (list) => `Incluido: ${list}.`,
    leftOut: (list) => `Omitido: ${list}. El modelo de demostración no sabe construirlo.`,
    notUnderstood: (list) => `No se entendió, y se omitió: ${list}.`,
    sampleTexts: "Los textos son ejemplos; cámbialos por los tuyos.",
    englishInterface: "La interfaz está en inglés; «reemplaza X por Y» cambia cualquier texto.",
    notCreated: (list) => `Estos archivos no se pudieron crear:\n${list}`,
    nothingCreated: "No se creó nada.",
    noted: (text) => `A continuación: ${text}`,
    plan: (steps) => `Un plan; todavía no cambia nada. Empezaría con:\n\n${steps}\n\nDi «hazlo» para que lo haga.`,
    stopped: "Detenido. Lo hecho hasta ahora queda; «deshaz eso» lo revierte.",
    reverted: "Anotado: algunos cambios anteriores se revirtieron y así quedan.",
    read: (names) => `Leído: ${names}.`,
    noTool: "Aquí falta una herramienta para eso.",
    failed: "Algo salió mal con esta petición.",
    foreign: (name) => `El modelo de demostración no conoce ${name}; no se creó nada.`,
    unknown: "El modelo de demostración no sabe construir eso; no se creó nada.",
    unclear: "No está claro qué hay que cambiar; no se cambió nada.",
    notInThis: (topic, stack) =>
      `${topic} con ${stack}: el modelo de demostración no sabe construirlo; no se creó nada.`,
    which: "En su lugar puede construir esto. ¿Cuál?",
    openQuote: "«",
    closeQuote: "»",
    empty: "El proyecto está vacío.",
    whatToBuild: "Describe qué hay que construir.",
    searching: (text) => `Buscando «${text}»…`,
    notFound: (text) => `«${text}» no está en ningún archivo; no se cambió nada.`,
    notFoundIn: (text, path) => `«${text}» no está en \`${path}\`; no se cambió nada.`,
    foundIn: (count) => `Está en ${files(count)}; cambiando…`,
    replaced: ({ from: old, to: now, times, files: count }) =>
      `«${old}» reemplazado por «${now}»${times > 0 ? ` en ${times === 1 ? "1 línea" : `${times} líneas`}` : ""}, en ${files(count)}:`,
    namesKept: (list) => `Los nombres de los archivos quedan como están, aunque estos lo contienen: ${list}.`,
    notSearched: (list) => `No se pudo buscar en todo:\n${list}`,
    couldNot: (list) => `Estos cambios fallaron:\n${list}`,
    nothingChanged: "No se cambió nada.",
    renamed: (old, now) => `\`${old}\` ahora es \`${now}\`.`,
    referencesUpdated: (count) =>
      count === 0 ? "Ningún otro archivo lo menciona." : `Las referencias se actualizaron en ${files(count)}.`,
    noFile: (path) => `\`${path}\` no existe.`,
    filesAre: "El proyecto tiene:",
    exists: (path) => `\`${path}\` ya existe. Di qué hay que cambiar en él.`,
    created: (path) => `Se creó \`${path}\`.`,
    deleting: (count) => `Borrando ${files(count)}…`,
    deleted: (list) => `Borrado: ${list}.`,
    notDeleted: (reason) => `No se borró nada: ${reason}`,
    moved: (list) => `Movido:\n${list}`,
    noPage: "El proyecto no tiene ninguna página HTML. ¿Qué archivo hay que cambiar?",
    titleIs: (title) => `El título ahora es «${title}».`,
    noColour: "No se encontró ningún color que cambiar. ¿Qué archivo y qué regla?",
    colourIs: (name, colour) => `${name} ahora es ${colour}. Comprueba que el texto se siga leyendo.`,
    unknownColour: (colour) =>
      `«${colour}» no es un color que conozca el modelo de demostración; un código como #aa3366 sirve.`,
    hasTheme: "El proyecto ya tiene modo oscuro.",
    themeAdded: (path) => `\`${path}\` ahora sigue el modo oscuro del sistema.`,
    noStyles: "No se encontró ninguna hoja de estilos ni página. ¿Qué archivo hay que cambiar?",
    pageAdded: (path, linked) => `Se creó \`${path}\`${linked > 0 ? `, con un enlace en ${files(linked)}` : ""}.`,
    readmeMade: "Se creó `README.md`: qué es el proyecto, cómo se ejecuta y sus archivos.",
    readmeSection: (name) => `La sección «${name}» está en el README.`,
    hasSection: (name) => `El README ya tiene una sección «${name}».`,
    sectionText: "Escribe aquí.",
    testAdded: (path, run) => `Se creó \`${path}\`. Ejecútalo con \`${run}\`.`,
    hasTests: (path) => `Ya hay pruebas: \`${path}\`. ¿Qué archivo necesita otra?`,
    noTest:
      "El modelo de demostración puede escribir pruebas para módulos de JavaScript y archivos de Python con funciones simples; no se encontró ninguno. ¿Qué archivo hay que probar?",
    endpointAdded: (list) => `Añadido ${list}, con una prueba.`,
    hasEndpoint: (path) => `\`${path}\` ya existe.`,
    whatReturns: (path) =>
      `¿Qué debe devolver \`${path}\`? Por ejemplo: «añade una ruta ${path} que devuelva {"ok": true}».`,
    noApi: "El modelo de demostración solo añade rutas a sus propias API, y este proyecto no es una de ellas.",
    featureAdded: (list) => `Añadido: ${list}.`,
    hasFeature: (list) => `El proyecto ya lo tiene: ${list}.`,
    featureNot: (name, list) =>
      `El modelo de demostración no puede añadir «${name}» aquí; no se cambió nada.${list === "" ? "" : ` Puede añadir: ${list}.`}`,
    partsDoNotFit: (list) => `Los lugares necesarios se modificaron; no se cambió nada:\n${list}`,
    explains: (count) => `El proyecto tiene ${files(count)}.`,
    lines: (count) => (count === 1 ? "1 línea" : `${count} líneas`),
    undoing: (text) => `Deshaciendo «${text}»…`,
    undone: (count) => `Deshecho: ${files(count)}.`,
    nothingToUndo: "En esta conversación no hay cambios que deshacer.",
    notUndone: (list) => `Esto no se pudo deshacer:\n${list}`,
    useUndo: "Para eso usa «Undo» en el mensaje.",
    checking: "Comprobando los archivos…",
    fixed: (list) => `Corregido:\n${list}`,
    noFault:
      "Sin ejecutar el proyecto no se ve ningún error. ¿Qué hiciste, qué esperabas y qué pasó? La salida de la prueba ayuda.",
    faults: (list) => `Encontrado:\n${list}`,
    pageBegins: (text) => `La página empieza así:\n\n> ${text}\n\nEs su comienzo, no un resumen.`,
    notReadable: (reason) => `La página no se pudo leer: ${reason}`,
    noRun: "Los archivos no dicen cómo se ejecuta el proyecto. ¿Hay un README?",
    matches: (count) => (count === 1 ? "1 línea:" : `${count} líneas:`),
  },
};
