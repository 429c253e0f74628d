import type { Language } from "./language.ts";

const files = (count: number) => (count === 1 ? "1 fichier" : `${count} fichiers`);
const from = String.raw`["'«“\x60]?\s?(?<from>.+?)\s?["'»”\x60]?`;
const to = String.raw`["'«“\x60]?\s?(?<to>.+?)\s?["'»”\x60]?`;
const command = (pattern: string) =>
  new RegExp(
    String.raw`^(?:(?:s['’]il (?:te|vous) plaît|et|puis|maintenant|aussi|ok|peux-tu|pouvez-vous|tu peux)[\s,]+)*${pattern}(?:,? s['’]il (?:te|vous) plaît)?[\s.!?]*$`,
    "iu",
  );
const place = String.raw`(?:\s+(?:partout|dans tous les fichiers|dans tout le projet))?`;

export const french: Language = {
  code: "fr",
  functionWords:
    "le la les un une des du de et ou avec pour sur dans est sont je tu nous vous moi mon ma mes ton votre s'il plaît crée créer fais faire écris construis développe veux voudrais aimerais besoin peux pouvez pas ne sans tout tous partout change remplace supprime ajoute bonjour merci comment quoi où explique montre annule plutôt clone renomme utilise programme développer faites jeux tableau site jeu outil d'un d'une l'application qui en couleur titre fichiers au aux jusqu",
  heard: {
    landing: String.raw`page d['’](?:atterrissage|accueil produit)|page de (?:destination|présentation)|landing`,
    kanban: String.raw`tableau (?:de )?kanban|tableau de tâches`,
    dashboard: String.raw`tableau(?:x)? de bord`,
    snake: String.raw`(?:jeu (?:du|de) )?serpent|jeu (?:du|de) snake`,
    noughts: String.raw`morpion`,
    quiz: String.raw`quiz|questionnaire`,
    pomodoro: String.raw`minuteur(?: pomodoro)?|chronomètre|minuterie`,
    calculator: String.raw`calculatrice|calculette`,
    expenses: String.raw`(?:suivi (?:des|de) )?dépenses|budget`,
    password: String.raw`générateur de mots? de passe|mots? de passe aléatoires?`,
    notes: String.raw`(?:bloc[- ]?notes?|prise de notes|application de notes|carnet de notes|journal intime)`,
    todo: String.raw`liste(?:s)? de(?:s)? (?:tâches|courses|choses à faire)|gestionnaire de tâches|to-?do(?:-?list)?s?|tâches`,
    go: String.raw`(?:serveur|api|programme|service) (?:en )?go|en go(?:lang)?`,
    python: String.raw`en python`,
    node: String.raw`en node(?:\.?js)?|en javascript`,
    api: String.raw`interface rest|points? d['’]accès`,
    server: String.raw`serveurs?(?: web| http)?`,
    cli: String.raw`(?:outil |programme |application )?(?:en )?ligne de commandes?|en console|terminal|scripts?`,
    site: String.raw`sites?(?: web| internet| vitrine)?|pages? web|site pour|page pour|blog|portfolio|cv`,
    game: String.raw`jeux?`,
    app: String.raw`applications?|applis?|outils?|logiciels?|programmes?`,
    mobile: String.raw`application mobile|(?:bot|robot) (?:discord|telegram)|appli (?:iphone|android)`,
    "foreign-thing": String.raw`échecs|jeu d['’]échecs|pendu|bataille navale|puissance 4|réseau social|boutique en ligne|site marchand|messagerie|météo|fusée|moteur de recherche|tableur|lecteur de musique`,
    duplicates: String.raw`(?:fichiers? )?(?:en double|doublons?|dupliqués?|identiques)`,
    wordcount: String.raw`compt(?:e|er|eur|ant) (?:de |des |les )?(?:mots|lignes)`,
    rename: String.raw`renomm(?:e|er|ant|age) (?:des |de |les |mes )?(?:fichiers|photos|images)`,
    csvjson: String.raw`(?:du |de |un )?csv (?:en|vers|à) (?:du )?json`,
    csvsummary: String.raw`résum(?:e|er|é) (?:d['’]un |un |de |des )?(?:fichiers? )?csv|statistiques (?:d['’]un |de )?csv`,
    theme: String.raw`mode (?:sombre|nuit)|thème sombre`,
    sound: String.raw`sons?|effets sonores|musique`,
    wrap: String.raw`murs ouverts|sans murs?|traverser les murs`,
    computer: String.raw`contre (?:l['’]ordinateur|la machine)`,
    search: String.raw`(?:champ |barre )?(?:de )?recherche`,
    due: String.raw`dates? (?:limites?|d['’]échéance)|échéances?`,
    csv: String.raw`export(?:er)?(?: en)? csv`,
    tests: String.raw`tests?(?: unitaires)?|testé`,
    validation: String.raw`validation`,
    persist: String.raw`(?:enregistr|sauvegard|stock)\w+ (?:dans|sur) [\p{L} ]*?(?:fichier|navigateur)|dans un fichier(?: json)?|en mémoire`,
    score: String.raw`scores?|points|meilleur score`,
    filter: String.raw`filtres?`,
    drag: String.raw`glisser[- ]déposer`,
    keyboard: String.raw`clavier|flèches`,
    responsive: String.raw`(?:beau|belle|joli|jolie|moderne|simple|petit|petite|propre|élégant|élégante|accessible)s?(?: design)?|design|sans (?:framework|dépendances?)|commentaires`,
    charts: String.raw`graphiques?|diagrammes?|courbes?|colonnes|cartes`,
    contact: String.raw`(?:formulaire de |page )?contact|à propos|horaires|services`,
    beyond: String.raw`connexion|se connecter|authentification|inscription|comptes?(?: utilisateurs?)?|utilisateurs|paiements?(?: en ligne)?|payer|panier|commandes? en ligne|réservations?(?: en ligne)?|bases? de données|e-?mails?|notifications?|rappels|téléversement|temps réel|multijoueurs?|en ligne|intelligence artificielle|ia|carte google|multilingue|traductions?|hors ligne|commentaires des|partage|pdf|espace admin\w*|rôles|pagination|niveaux|obstacles|animations?|calendrier|sous-tâches|catégories|étiquettes|priorités|reconnaissance vocale|chiffrement|classement`,
  },
  wants:
    /^(?:(?:bonjour|salut|ok|alors|bonsoir|s['’]il (?:te|vous) plaît|svp|stp)[\s,!.]+)*(?:(?:peux-tu|pouvez-vous|pourrais-tu|pourriez-vous|tu peux|vous pouvez) (?:me |nous )?|(?:je|j['’]|nous) ?(?:veux|voudrais|aimerais|ai besoin d(?:e |['’])|souhaite|voulons|voudrions|avons besoin d(?:e |['’])) ?(?:bien )?(?:que tu )?(?:me )?|il (?:me|nous) faut(?:drait)? )*(?:(?:crée|créer|cr[ée]ez?|fais|faire|faites|écris|écrire|écrivez|construis|construire|développe[rz]?|génère[rz]?|code[rz]?|programme[rz]?|conçois)(?:-moi|-nous)?(?![\p{L}])|une?\b|le jeu\b|mon propre\b)/iu,
  about:
    /(?:\bpour|\bsur|\bde|\bdu|\bdes|\bd['’])\s*(?!(?:le navigateur|moi|nous|bord|tâches|commandes?|mots?|passe|serpent|snake|morpion|notes|dépenses|présentation|deux)\b)(?:(?:une?|des|le|la|les|l['’]|mon|ma|mes|notre|nos)\s*)?(?<about>[\p{L}\p{N}][\p{L}\p{N}&-]*(?:\s+(?!(?:avec|en|qui|que|et|mais|sans|dans|sur|s['’]il|pour|utilisant|appelée?|nommée?)(?![\p{L}]))[\p{L}\p{N}'’&-]+){0,3})/iu,
  named:
    /(?:appelée?|nommée?|intitulée?|qui s['’]appelle|du nom de)\s+["'«“]?\s?(?<name>[\p{L}\p{N}][\p{L}\p{N}\s'’&.-]{0,40}?)\s?["'»”]?(?=\s*(?:[,.;!?]|$|\s(?:avec|et|pour|qui|en)\b))/iu,
  including: /\b(?:avec|incluant|ainsi que|plus|comprenant|qui (?:a|gère|permet))(?![\p{L}])/iu,
  and: /\s*(?:,|;|\bet\b|&|\bplus\b|\bainsi que\b|\bou\b)\s*/i,
  without:
    /(?:\bn['’](?:utilise|emploie|utilisez)[zr]? (?:pas|jamais)|\bsans(?: utiliser)?|\bpas (?:de|d['’]|en)|\bau lieu de|\bplutôt que)\s*(?:de |d['’]|le |la |un |une )?(?<what>[\w.+#/-]+(?:\s*(?:,|ou|et|ni)\s+(?!(?:fais|crée|avec|je)(?![\p{L}]))[\w.+#-]+)*)/giu,
  ordinals: [
    /^(?:(?:le|la) )?(?:premier|première|un|une|numéro un)$/i,
    /^(?:(?:le|la) )?(?:deuxième|second|seconde|deux|numéro deux)$/i,
    /^(?:(?:le|la) )?(?:troisième|trois|numéro trois)$/i,
    /^(?:(?:le|la) )?(?:quatrième|quatre|numéro quatre)$/i,
    /^(?:(?:le|la) )?(?:cinquième|cinq|numéro cinq)$/i,
    /^(?:(?:le|la) )?(?:sixième|six|numéro six)$/i,
  ],
  yes: /^(?:oui|ouais|d['’]accord|volontiers|vas-y|allez-y|parfait|n['’]importe)(?![\p{L}])[\s!.,\p{L}]*$/iu,
  no: /^(?:non|aucun|aucune|rien|laisse tomber|annule)(?![\p{L}])[\s!.,\p{L}]{0,20}$/iu,
  commands: [
    { intent: "greet", pattern: /^(?:bonjour|salut|bonsoir|coucou)[\s!.,]*$/i },
    { intent: "thank", pattern: /^(?:merci|super|parfait|génial|très bien|bravo)[\s!.,\p{L}]{0,30}$/iu },
    { intent: "help", pattern: /que (?:sais|peux)-tu faire|que pouvez-vous faire|qui es-tu|^aide[\s?!.]*$/i },
    { intent: "stop", pattern: /^(?:stop|arrête|arrêtez|laisse tomber)[\s!.]*$/i },
    {
      intent: "undo",
      pattern: /^(?:s['’]il te plaît )?(?:annule|annuler|annulez|défais|reviens en arrière)(?![\p{L}])/iu,
    },
    {
      intent: "run",
      pattern:
        /\bcomment (?:lancer|démarrer|exécuter|tester|utiliser|ouvrir|installer|(?:est-ce que )?(?:je|on) (?:lance|démarre|teste))/i,
    },
    { intent: "fetch", pattern: /^(?:lis|ouvre|résume|regarde)(?![\p{L}])[^]*?(?<url>https?:\/\/\S+)/iu },
    {
      intent: "title",
      pattern: command(
        String.raw`(?:change[rz]?|mets|modifie[rz]?)\s+le titre(?:\s+de la page)?\s+(?:en|pour|à)\s+${to}`,
      ),
    },
    {
      intent: "replace",
      pattern:
        /(?:remplace[rz]?|change[rz]?)\s+(?:partout\s+)?["«“'`]\s?(?<from>[^"»”'`]+?)\s?["»”'`]\s+(?:par|en)\s+["«“'`]\s?(?<to>[^"»”'`]*?)\s?["»”'`](?:\s+dans\s+(?:le fichier\s+)?[`"“@]?(?<path>[\w./-]*\.\w+)\b)?/i,
    },
    {
      intent: "colour",
      pattern:
        /(?:change[rz]?|mets|rends|passe)\b.*?(?<name>fond|arrière-plan|texte|accent|boutons?|couleurs?)(?![\p{L}]).*?(?:\b(?:en|au|à)\s+|\s)(?<to>#[0-9a-f]{3,8}|rouge|bleue?|verte?|orange|violette?|rose|jaune|noire?|blanche?|grise?|marron|turquoise)(?![\p{L}])/iu,
    },
    {
      intent: "colour",
      pattern:
        /^(?:mets|rends|peins)\s+(?:tout|le|la page|les boutons|le site|le serpent)\s+(?:en\s+)?(?<to>#[0-9a-f]{3,8}|rouge|bleue?|verte?|orange|violette?|rose|jaune|turquoise)(?![\p{L}])/iu,
    },
    {
      intent: "readme",
      pattern:
        /(?:ajoute[rz]?|écris)\b.*?section\s+(?:sur\s+|nommée\s+|appelée\s+)?["'«“]?\s?(?<name>[\p{L}\p{N} -]{2,40}?)\s?["'»”]?\s+(?:au|dans le)\s+readme/iu,
    },
    { intent: "readme", pattern: /(?:ajoute[rz]?|écris|crée[rz]?)\b.*\breadme\b/i },
    { intent: "licence", pattern: /(?:ajoute[rz]?|écris|crée[rz]?)\b.*\blicence\b/i },
    {
      intent: "file",
      pattern:
        /(?:crée[rz]?|ajoute[rz]?)\s+(?:un\s+)?(?:nouveau\s+)?fichier\s+(?:nommé\s+|appelé\s+)?["'`]?(?<path>[\w./-]+\.\w+)["'`]?(?:\s+(?:avec|contenant)(?:\s+le texte)?\s+(?<text>[\s\S]+))?$/i,
    },
    {
      intent: "endpoint",
      pattern: /(?:ajoute[rz]?|crée[rz]?|il me faut)\b[^]*?(?:endpoint|route|point d['’]accès)[^]*/i,
    },
    {
      intent: "page",
      pattern:
        /(?:ajoute[rz]?|crée[rz]?)\s+(?:une\s+)?(?:nouvelle\s+)?page\s+(?:sur\s+|nommée\s+|appelée\s+|pour\s+|de\s+|d['’])?["'«“]?\s?(?<name>[\p{L}\p{N} '’-]{2,40}?)\s?["'»”]?[.!]?$/iu,
    },
    {
      intent: "test",
      pattern:
        /(?:ajoute[rz]?|écris|crée[rz]?)\b(?:(?!\bavec\b).)*\btests?\b(?:\s+(?:pour|de)\s+["'`@]?(?<path>[\w./-]+\w))?/i,
    },
    {
      intent: "rename",
      pattern: command(
        String.raw`renomme[rz]?\s+(?:partout\s+)?(?:le fichier\s+|la fonction\s+|la variable\s+)?${from}\s+(?:en|par|vers)\s+${to}${place}`,
      ),
    },
    {
      intent: "replace",
      pattern: command(
        String.raw`(?:remplace[rz]?|change[rz]?)\s+(?:partout\s+)?(?:le texte\s+|le mot\s+)?${from}\s+(?:par|en)\s+${to}${place}`,
      ),
    },
    { intent: "theme", pattern: /\b(?:mode (?:sombre|nuit)|thème sombre)\b/i },
    {
      intent: "move",
      pattern: command(
        String.raw`déplace[rz]?\s+(?:le fichier\s+|les fichiers\s+)?["'\x60@]?(?<path>[\w./ ,-]+?)["'\x60]?\s+(?:dans|vers)\s+(?:le dossier\s+)?["'\x60]?(?<to>[\w./-]+?)["'\x60]?`,
      ),
    },
    {
      intent: "delete",
      pattern: command(
        String.raw`(?:supprime[rz]?|efface[rz]?|enlève[rz]?)\s+(?:le fichier\s+|les fichiers\s+|le dossier\s+)?["'\x60@]?(?<path>[^"'\x60]+?)["'\x60]?`,
      ),
    },
    { intent: "list", pattern: /(?:liste[rz]?|montre[rz]?|quels)\b.*\bfichiers\b/i },
    {
      intent: "find",
      pattern:
        /^(?:s['’]il te plaît |peux-tu )*(?:où (?:est|sont|se trouve)|cherche[rz]?|trouve[rz]?)\s+(?:la\s+|le\s+|les\s+|l['’])?(?:fonction\s+|variable\s+|classe\s+|mot\s+|texte\s+)?["'«“`]?\s?(?<text>[^"»”'`]+?)\s?["'»”`]?(?:\s+(?:définie?|utilisée?|dans le (?:projet|code)))?[ .?!]*$/i,
    },
    {
      intent: "fix",
      pattern:
        /(?:corrige[rz]?|répare[rz]?|débogue)(?![\p{L}])|ne (?:marche|fonctionne) pas|\bbugs?\b|tests? (?:échouent?|en échec)/iu,
    },
    {
      intent: "explain",
      pattern:
        /(?:expliqu\w+|décri\w+|résum\w+|que fait|qu['’]est-ce que|comment fonctionne)(?:.*?@?(?<path>[\w./-]+\.\w{1,5})\b)?/i,
    },
    {
      intent: "feature",
      pattern:
        /^(?:et |maintenant |aussi |peux-tu |s['’]il te plaît )*(?:ajoute[rz]?|intègre|je veux|je voudrais)\s+(?:aussi\s+)?(?:une?\s+|des\s+|du\s+|le\s+|la\s+|les\s+)?(?<text>.{2,80}?)[ .!?]*$/i,
    },
  ],
  choices: {
    site: "Un site de trois pages",
    landing: "Une landing page",
    snake: "Un jeu du serpent",
    noughts: "Un morpion",
    quiz: "Un quiz",
    todo: "Une liste de tâches",
    kanban: "Un tableau kanban",
    dashboard: "Un tableau de bord avec graphiques",
    pomodoro: "Un minuteur pomodoro",
    calculator: "Une calculatrice",
    notes: "Un bloc-notes",
    expenses: "Un suivi des dépenses",
    password: "Un générateur de mots de passe dans le navigateur",
    react: "Une application React",
    solid: "Une application Solid",
    vite: "Une app Vite",
    node: "Une API REST avec Node",
    express: "Une API Express",
    hono: "Une API Hono",
    go: "Un serveur Go",
    "python-server": "Un serveur Python",
    duplicates: "Un outil en ligne de commande qui trouve les doublons",
    wordcount: "Un outil en ligne de commande qui compte les mots",
    rename: "Un outil en ligne de commande qui renomme des fichiers",
    csvjson: "Un outil en ligne de commande qui convertit du CSV en JSON",
    csvsummary: "Un outil en ligne de commande qui résume un fichier CSV",
    "todo-cli": "Une liste de tâches pour le terminal",
    "password-cli": "Un générateur de mots de passe pour le terminal",
  },
  site: {
    heard: {
      food: String.raw`boulangeries?|cafés?|restaurants?|pâtisseries?|brasseries?|pizzerias?|vignobles?|traiteurs?|bistrots?`,
      portfolio: String.raw`photographes?|designers?|développeu\w+|artistes?|auteurs?|architectes?|indépendants?|cv|musiciens?|peintres?`,
      service: String.raw`studios?|salons?|coiffeu\w+|plombiers?|électriciens?|menuisiers?|avocats?|cabinets?|dentistes?|médecins?|hôtels?|écoles?|entreprises?|magasins?|boutiques?|fleuristes?|librairies?|garages?|associations?`,
      product: String.raw`produits?|logiciels?|services?|cours|livres?`,
      event: String.raw`mariages?|conférences?|fêtes?|concerts?|anniversaires?|événements?|expositions?`,
    },
    home: "Accueil",
    about: "À propos",
    contact: "Contact",
    menu: "Pages",
    skip: "Aller au contenu",
    subjects: {
      food: {
        tagline: "Fait à la main chaque matin, avec peu d'ingrédients, mais bons.",
        action: "Voir nos horaires",
        points: [
          ["Frais chaque jour", "Nous commençons à quatre heures pour que ce soit chaud à votre arrivée."],
          ["D'ici", "La farine, le lait et les fruits viennent de fermes que nous connaissons."],
          ["Prendre son temps", "Quelques tables, du bon café, et rien qui presse."],
        ],
        about: "Nous avons commencé petit et le sommes restés exprès. Ce que nous vendons, nous le faisons nous-mêmes.",
      },
      portfolio: {
        tagline: "Des travaux choisis, et comment ils sont nés.",
        action: "Me contacter",
        points: [
          ["Des idées claires", "Chaque projet commence par une question : à quoi cela sert-il ?"],
          ["Un travail soigné", "Les détails sont finis, vérifiés et documentés."],
          ["Une collaboration simple", "Vous avez des nouvelles chaque semaine, et le prix est fixé d'avance."],
        ],
        about:
          "Je travaille à mon compte depuis 2015, avec de petites entreprises et avec des gens qui ont une idée et pas le temps.",
      },
      service: {
        tagline: "Du bon travail, à l'heure, à un prix connu d'avance.",
        action: "Prendre rendez-vous",
        points: [
          ["Expérimentés", "Une petite équipe qui travaille ensemble depuis des années."],
          ["Fiables", "Nous venons quand nous l'avons dit, et appelons si quelque chose change."],
          ["Tout près", "À dix minutes de la gare, avec un parking à vélos."],
        ],
        about: "Nous sommes une petite équipe. Vous parlez toujours avec la personne qui fait le travail.",
      },
      product: {
        tagline: "Le moyen simple d'en finir plus vite.",
        action: "Essayer gratuitement",
        points: [
          ["Prêt en une minute", "Rien à installer : ouvrez et commencez."],
          ["Discret", "Peu de réglages, aucune notification non demandée."],
          ["À vous", "Vous exportez tout quand vous voulez."],
        ],
        about: "Nous l'avons construit parce que nous en avions besoin. Il sert maintenant tous les jours.",
      },
      event: {
        tagline: "Une journée, des gens bien, et un beau souvenir.",
        action: "Réserver sa place",
        points: [
          ["Quand", "Samedi 12 juin, à partir de 14 heures."],
          ["Où", "Au vieux moulin près de la rivière, à cinq minutes du bus."],
          ["Qui", "Toutes celles et ceux qui le souhaitent. Les enfants sont les bienvenus."],
        ],
        about:
          "Nous préparons cette journée depuis un an. Il y aura à manger et à boire ; prenez une veste pour le soir.",
      },
      other: {
        tagline: "Ce que c'est, pour qui, et comment vous joindre : écrivez-le ici en une phrase.",
        action: "Nous contacter",
        points: [
          ["Premier point", "Dites ce que l'on obtient."],
          ["Deuxième point", "Dites ce qui est différent."],
          ["Troisième point", "Dites quelle est la suite."],
        ],
        about: "Racontez ici l'histoire : comment cela a commencé, qui est derrière, et la suite.",
      },
    },
    contactText: "Une question ? Écrivez-nous ; nous répondons sous deux jours.",
    name: "Votre nom",
    message: "Votre message",
    send: "Écrire un e-mail",
    newPage: "Écrivez ici ce qui va sur cette page.",
  },
  says: {
    isDemo:
      "C'est le modèle de démonstration de Slipway : il connaît un choix fixe de projets et de changements. Pour le reste, lancez Slipway avec un vrai modèle (voir le README).",
    otherLanguages: "Le modèle de démonstration comprend le français, l'anglais, l'allemand, l'espagnol et le chinois.",
    greeting: "Bonjour. Que voulez-vous construire ?",
    welcome: "Avec plaisir. Quelle est la suite ?",
    help: "Le modèle de démonstration construit de petits projets qui fonctionnent : des sites et landing pages, des jeux et petites applications pour le navigateur, des applications React et Solid, des API avec Node, Express, Hono, Go ou Python, et des outils en ligne de commande. Dans un projet existant, il renomme ou remplace du texte partout, change les titres, les textes et les couleurs, ajoute des pages, des tests, des routes, des sections au README et certaines fonctions, explique et trouve, déplace et supprime des fichiers, et annule ses derniers changements.",
    looking: "Lecture du projet…",
    building: (name, folder) =>
      `Construction : ${name.charAt(0).toLowerCase()}${name.slice(1)}${folder === "" ? "" : `, dans \`${folder}\``}…`,
    ready: (title, count) => `${title} : c'est prêt (${files(count)}).`,
    howToRun: "Pour le lancer :",
    openPage: "Ouvrez `index.html` dans l'aperçu ou dans un navigateur.",
    included: (list) => `Inclus : ${list}.`,
    leftOut: (list) => `Laissé de côté : ${list}. Le modèle de démonstration ne sait pas le construire.`,
    notUnderstood: (list) => `Non compris, donc laissé de côté : ${list}.`,
    sampleTexts: "Les textes sont des exemples ; remplacez-les par les vôtres.",
    englishInterface: "L'interface est en anglais ; « remplace X par Y » change chaque texte.",
    notCreated: (list) => `Ces fichiers n'ont pas pu être créés :\n${list}`,
    nothingCreated: "Rien n'a été créé.",
    noted: (text) => `Ensuite : ${text}`,
    plan: (steps) =>
      `Un plan ; rien n’est encore changé. Je commencerais par :\n\n${steps}\n\nDites « fais-le » pour l’exécuter.`,
    stopped: "Arrêté. Ce qui est fait reste ; « annule » le défait.",
    reverted: "Noté : certains changements ont été annulés et le restent.",
    read: (names) => `Lu : ${names}.`,
    noTool: "Il manque ici un outil pour cela.",
    failed: "Quelque chose n'a pas marché pour cette demande.",
    foreign: (name) => `Le modèle de démonstration ne connaît pas ${name} ; rien n'a été créé.`,
    unknown: "Le modèle de démonstration ne sait pas construire cela ; rien n'a été créé.",
    unclear: "Ce qu'il faut changer n'est pas clair ; rien n'a été changé.",
    notInThis: (topic, stack) =>
      `${topic} avec ${stack} : le modèle de démonstration ne sait pas le construire ; rien n'a été créé.`,
    which: "À la place, il peut construire ceci. Lequel ?",
    openQuote: "« ",
    closeQuote: " »",
    empty: "Le projet est vide.",
    whatToBuild: "Décrivez ce qu'il faut construire.",
    searching: (text) => `Recherche de « ${text} »…`,
    notFound: (text) => `« ${text} » ne se trouve dans aucun fichier ; rien n'a été changé.`,
    notFoundIn: (text, path) => `« ${text} » ne se trouve pas dans \`${path}\` ; rien n'a été changé.`,
    foundIn: (count) => `Trouvé dans ${files(count)} ; modification…`,
    replaced: ({ from: old, to: now, times, files: count }) =>
      `« ${old} » remplacé par « ${now} »${times > 0 ? `, sur ${times === 1 ? "1 ligne" : `${times} lignes`}` : ""} dans ${files(count)} :`,
    namesKept: (list) => `Les noms de fichiers restent tels quels, même si ceux-ci le contiennent : ${list}.`,
    notSearched: (list) => `Tout n'a pas pu être parcouru :\n${list}`,
    couldNot: (list) => `Ces changements ont échoué :\n${list}`,
    nothingChanged: "Rien n'a été changé.",
    renamed: (old, now) => `\`${old}\` s'appelle maintenant \`${now}\`.`,
    referencesUpdated: (count) =>
      count === 0 ? "Aucun autre fichier n'y renvoie." : `Les renvois ont été mis à jour dans ${files(count)}.`,
    noFile: (path) => `\`${path}\` n'existe pas.`,
    filesAre: "Le projet contient :",
    exists: (path) => `\`${path}\` existe déjà. Dites ce qu'il faut y changer.`,
    created: (path) => `\`${path}\` a été créé.`,
    deleting: (count) => `Suppression de ${files(count)}…`,
    deleted: (list) => `Supprimé : ${list}.`,
    notDeleted: (reason) => `Rien n'a été supprimé : ${reason}`,
    moved: (list) => `Déplacé :\n${list}`,
    noPage: "Le projet n'a pas de page HTML. Quel fichier faut-il changer ?",
    titleIs: (title) => `Le titre est maintenant « ${title} ».`,
    noColour: "Aucune couleur à changer n'a été trouvée. Quel fichier et quelle règle ?",
    colourIs: (name, colour) => `${name} est maintenant ${colour}. Vérifiez que le texte reste lisible.`,
    unknownColour: (colour) =>
      `« ${colour} » n'est pas une couleur connue du modèle de démonstration ; un code comme #aa3366 convient.`,
    hasTheme: "Le projet a déjà un mode sombre.",
    themeAdded: (path) => `\`${path}\` suit maintenant le mode sombre du système.`,
    noStyles: "Aucune feuille de style ni page trouvée. Quel fichier faut-il changer ?",
    pageAdded: (path, linked) => `\`${path}\` a été créé${linked > 0 ? `, avec un lien dans ${files(linked)}` : ""}.`,
    readmeMade: "`README.md` a été créé : ce qu'est le projet, comment le lancer, et ses fichiers.",
    readmeSection: (name) => `La section « ${name} » est dans le README.`,
    hasSection: (name) => `Le README a déjà une section « ${name} ».`,
    sectionText: "Écrivez ici.",
    testAdded: (path, run) => `\`${path}\` a été créé. Lancez-le avec \`${run}\`.`,
    hasTests: (path) => `Il y a déjà des tests : \`${path}\`. Quel fichier en demande un autre ?`,
    noTest:
      "Le modèle de démonstration peut écrire des tests pour les modules JavaScript et les fichiers Python avec de simples fonctions ; aucun n'a été trouvé. Quel fichier faut-il tester ?",
    endpointAdded: (list) => `${list} ajouté, avec un test.`,
    hasEndpoint: (path) => `\`${path}\` existe déjà.`,
    whatReturns: (path) =>
      `Que doit renvoyer \`${path}\` ? Par exemple : « ajoute une route ${path} qui renvoie {"ok": true} ».`,
    noApi: "Le modèle de démonstration n'ajoute des routes qu'à ses propres API, et ce projet n'en est pas une.",
    featureAdded: (list) => `Ajouté : ${list}.`,
    hasFeature: (list) => `Le projet l'a déjà : ${list}.`,
    featureNot: (name, list) =>
      `Le modèle de démonstration ne peut pas ajouter « ${name} » ici ; rien n'a été changé.${list === "" ? "" : ` Il peut ajouter : ${list}.`}`,
    partsDoNotFit: (list) => `Les endroits nécessaires ont été modifiés ; rien n'a été changé :\n${list}`,
    explains: (count) => `Le projet contient ${files(count)}.`,
    lines: (count) => (count === 1 ? "1 ligne" : `${count} lignes`),
    undoing: (text) => `Annulation de « ${text} »…`,
    undone: (count) => `Annulé : ${files(count)}.`,
    nothingToUndo: "Cette conversation n'a aucun changement à annuler.",
    notUndone: (list) => `Ceci n'a pas pu être annulé :\n${list}`,
    useUndo: "Pour cela, utilisez « Undo » sur le message.",
    checking: "Vérification des fichiers…",
    fixed: (list) => `Corrigé :\n${list}`,
    noFault:
      "Aucune erreur n'est visible sans exécuter le projet. Qu'avez-vous fait, qu'attendiez-vous, et que s'est-il passé ? La sortie du test aide.",
    faults: (list) => `Trouvé :\n${list}`,
    pageBegins: (text) => `La page commence ainsi :\n\n> ${text}\n\nC'est son début, pas un résumé.`,
    notReadable: (reason) => `La page n'a pas pu être lue : ${reason}`,
    noRun: "Les fichiers ne disent pas comment lancer le projet. Y a-t-il un README ?",
    matches: (count) => (count === 1 ? "1 ligne :" : `${count} lignes :`),
  },
};
