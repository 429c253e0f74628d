import type { Language } from "../languages/language.ts";
import { slug } from "../words.ts";

/** What an API is about, and the fields of it. */

export interface Entity {
  /** Identifiers: `book`, `books`. */
  one: string;
  many: string;
  /** As the person said it. */
  said?: string;
  fields: readonly Field[];
}
export interface Field {
  name: string;
  type: "string" | "number" | "boolean";
}

/** `name other-words…: field field` — what it is called in code, in the languages that are understood, and its fields. */
const entities = `
task/tasks aufgabe aufgaben tâche tâches tache taches tarea tareas todo todos to-do to-dos 任务 待办: title done?
book/books buch bücher buecher livre livres libro libros 书 书籍 图书: title author year#
recipe/recipes rezept rezepte rezepten recette recettes receta recetas 食谱 菜谱: title ingredients minutes#
movie/movies film filme filmen films película películas pelicula peliculas 电影: title director year#
note/notes notiz notizen nota notas 笔记: title text
user/users benutzer nutzer utilisateur utilisateurs usuario usuarios 用户: name email
product/products produkt produkte produkten produit produits producto productos 产品 商品: name price# stock#
order/orders bestellung bestellungen commande commandes pedido pedidos 订单: customer total# paid?
customer/customers kunde kunden client clients cliente clientes 客户: name email
contact/contacts kontakt kontakte kontakten contacto contactos 联系人: name email phone
event/events veranstaltung veranstaltungen termin termine événement événements evento eventos 活动 事件: title date place
invoice/invoices rechnung rechnungen facture factures factura facturas 发票: number customer total# paid?
article/articles artikel artículo artículos articulos 文章: title text author
post/posts beitrag beiträge publicación publicaciones 帖子: title text author
comment/comments kommentar kommentare commentaire commentaires comentario comentarios 评论: author text
song/songs lied lieder chanson chansons canción canciones cancion 歌曲: title artist seconds#
album/albums alben álbum álbumes 专辑: title artist year#
photo/photos foto fotos 照片: title url
city/cities stadt städte staedte ville villes ciudad ciudades 城市: name country population#
country/countries land länder pays país países 国家: name capital population#
car/cars auto autos voiture voitures coche coches carro carros 汽车: make model year#
animal/animals tier tiere animaux animales 动物: name species age#
pet/pets haustier haustiere mascota mascotas 宠物: name species age#
cat/cats katze katzen chat chats gato gatos 猫: name colour age#
dog/dogs hund hunde chien chiens perro perros 狗: name breed age#
plant/plants pflanze pflanzen plante plantes planta plantas 植物: name species watered?
student/students schüler student studenten étudiant étudiants élève élèves estudiante estudiantes alumno alumnos 学生: name email year#
course/courses kurs kurse kursen cours curso cursos 课程: title teacher hours#
employee/employees mitarbeiter employé employés empleado empleados 员工: name role salary#
ticket/tickets 工单: title status priority#
message/messages nachricht nachrichten mensaje mensajes 消息: author text
review/reviews bewertung bewertungen avis reseña reseñas: author text rating#
booking/bookings buchung buchungen réservation réservations reserva reservas 预订: name date guests#
bookmark/bookmarks lesezeichen signet signets marcador marcadores 书签: title url
link/links lien liens enlace enlaces 链接: title url
game/games spiel spiele jeu jeux juego juegos 游戏: title genre year#
expense/expenses ausgabe ausgaben dépense dépenses gasto gastos 支出: what amount# date
person/people personen personne personnes persona personas 人员: name email age#
city/cities: name country population#
workout/workouts training entraînement entrenamiento entrenamientos: name minutes# date
flight/flights flug flüge vol vols vuelo vuelos 航班: number from to
room/rooms zimmer chambre chambres habitación habitaciones 房间: name beds# free?
item/items eintrag einträge élément éléments elemento elementos 项目: title done?
wine/wines wein weine vin vins vino vinos: name grape year#
beer/beers bier biere bière bières cerveza cervezas: name style alcohol#
quote/quotes zitat zitate citation citations cita citas: text author
joke/jokes witz witze blague blagues chiste chistes: text
`
  .trim()
  .split("\n")
  .map((line) => {
    const [names = "", fields = ""] = line.split(":");
    const [own = "", ...others] = names.trim().split(" ");
    const [one = "", many = ""] = own.split("/");
    return { one, many, heard: [one, many, ...others], fields: fields.trim().split(" ").map(fieldOf) };
  });

function fieldOf(text: string): Field {
  const name = text.replace(/[#?]$/, "");
  return { name, type: text.endsWith("#") ? "number" : text.endsWith("?") ? "boolean" : "string" };
}

const defaultFields: readonly Field[] = [
  { name: "name", type: "string" },
  { name: "description", type: "string" },
];

/** What the API holds, from what the request is about; undefined when it names nothing. */
export function entityIn(text: string, about: string | undefined, language: Language): Entity | undefined {
  const words = (from: string): string[] => from.toLowerCase().match(/[\p{Script=Latin}-]+|\p{Script=Han}+/gu) ?? [];
  const known = (from: string) => {
    const said = words(from);
    for (const { one, many, heard, fields } of entities) {
      const name = heard.find((each) => (/\p{Script=Han}/u.test(each) ? from.includes(each) : said.includes(each)));
      if (name !== undefined) return { one, many, fields, said: name };
    }
    return undefined;
  };
  const paths = [...text.matchAll(/(?<![\w./])\/([a-z]+s)\b/g)].map(([, path = ""]) => path).join(" ");
  const found = known(about ?? "") ?? known(paths) ?? (about === undefined ? known(before(text)) : undefined);
  if (found) return found;
  const noun = [...words(about ?? "")].findLast((word) => !notNouns.test(word));
  if (noun === undefined || !/^\p{Script=Latin}/u.test(noun)) return undefined;
  return { ...numbersOf(noun, language), fields: defaultFields, said: noun };
}

const notNouns =
  /^(?:tests?|api|apis|server|rest|http|json|data|daten|datos|données|beginners?|web|app|apps|node|go|golang|python|express|hono|js|it|them|everything|fun|practice|learning|managing|manage|bauen|erstellen|machen|schreiben|verwalten|gérer|gestionar|administrar)$/i;

/** "book api", "books server": the words before the form. */
function before(text: string): string {
  return /([\p{L}-]+)[\s-]+(?:rest[\s-]+)?(?:crud[\s-]+)?(?:apis?|server|backend|service)\b/iu.exec(text)?.[1] ?? "";
}

/** Singular and plural as identifiers. */
function numbersOf(noun: string, language: Language): { one: string; many: string } {
  const word = slug(noun).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  if (language.code === "de") return { one: word, many: word };
  const one = singular(word);
  return { one, many: word === one ? plural(one) : word };
}

const irregular = new Map([
  ["people", "person"],
  ["children", "child"],
  ["men", "man"],
  ["women", "woman"],
  ["mice", "mouse"],
  ["feet", "foot"],
  ["teeth", "tooth"],
  ["geese", "goose"],
  ["leaves", "leaf"],
  ["wolves", "wolf"],
  ["knives", "knife"],
  ["lives", "life"],
  ["shelves", "shelf"],
  ["movies", "movie"],
  ["cookies", "cookie"],
  ["series", "series"],
  ["species", "species"],
  ["sheep", "sheep"],
  ["fish", "fish"],
  ["buses", "bus"],
  ["statuses", "status"],
  ["quizzes", "quiz"],
  ["heroes", "hero"],
  ["potatoes", "potato"],
  ["tomatoes", "tomato"],
]);

export function singular(word: string): string {
  const known = irregular.get(word);
  if (known !== undefined) return known;
  if (word.endsWith("ies") && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:ss|sh|ch|x|z)es$/.test(word)) return word.slice(0, -2);
  if (/(?:ss|us|is|news)$/.test(word)) return word;
  return word.endsWith("s") ? word.slice(0, -1) : word;
}

export function plural(word: string): string {
  const known = [...irregular].find(([, one]) => one === word)?.[0];
  if (known !== undefined) return known;
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(?:s|sh|ch|x|z)$/.test(word) ? `${word}es` : `${word}s`;
}

/** Fields that are named after "with": the known names, and others that look like one. */
export function fieldsIn(text: string, language: Language): Field[] {
  const begin =
    /\b(?:fields?|attributes?|properties|columns|felder[n]?|champs|campos)\b:?/i.exec(text) ??
    language.including.exec(text) ??
    /\b(?:has|have|hat|haben|a|ont|tiene|tienen)\b/i.exec(text);
  if (begin === null) return [];
  const rest = text.slice(begin.index + begin[0].length).split(/[.!?。！？;]/)[0] ?? "";
  const isListed = /field|attribut|propert|column|feld|champ|campo|字段/i.test(text);
  const fields = rest
    .split(new RegExp(`${language.and.source}|\\band\\b|、|和`, "i"))
    .map((part) =>
      part.trim().replace(/^(?:an?|the|its|ein(?:e[nmr]?)?|der|die|das|une?|le|la|les|un[ao]?|el|los|las)\s+/i, ""),
    )
    .flatMap((part) => {
      const typed = /^([\p{L}_]+)\s*(?:\(|:)?\s*(string|text|number|integer|int|float|boolean|bool|date)?\)?$/iu.exec(
        part,
      );
      const name = typed?.[1]?.toLowerCase();
      if (name === undefined) return [];
      const known = knownFields.get(name);
      if (known === undefined && !isListed) return [];
      const field = known ?? { name: slug(name).replace(/-/g, "_"), type: "string" as const };
      if (field.name === "id" || field.name === "project") return [];
      const type = typed?.[2]?.toLowerCase();
      return [type === undefined ? field : { ...field, type: typeNamed(type) }];
    });
  return [...new Map(fields.map((field) => [field.name, field])).values()].slice(0, 8);
}

function typeNamed(type: string): Field["type"] {
  if (type.startsWith("bool")) return "boolean";
  return /^(?:number|int|float)/.test(type) ? "number" : "string";
}

/** Whether a word is what a field is commonly called. */
export function isFieldName(word: string): boolean {
  return knownFields.has(word.toLowerCase()) && word.toLowerCase() !== "date";
}

/** `name# translation…` */
const knownFields = new Map<string, Field>(
  `
title titel titre título titulo 标题
name 名称 nombre nom
author autor autorin auteur 作者
year# jahr année annee año 年份
price# preis prix precio 价格
description beschreibung descripción descripcion 描述
text inhalt texte texto content body
done? erledigt fait hecho completed
date datum fecha 日期
rating# bewertung note puntuación
pages# seiten páginas
email e-mail correo
phone telefon téléphone teléfono
address adresse dirección
city stadt ville ciudad
country land pays país
ingredients zutaten ingrédients ingredientes 配料
minutes# minuten duration# dauer durée duración
quantity# menge quantité cantidad amount# betrag stock# lager
category kategorie catégorie categoría
status
priority# priorität priorité prioridad
isbn publisher genre director url color colour size brand model species breed steps instructions servings# calories# due
age# alter âge edad
paid? bezahlt available? verfügbar active? read? gelesen
weight# height# width# salary# total# count# population# hours# seconds#
`
    .trim()
    .split("\n")
    .flatMap((line) => {
      const words = line.split(" ");
      const isOwn = (word: string) => /[#?]$/.test(word);
      const isList = /^(?:isbn|weight#)/.test(line);
      let current = fieldOf(words[0] ?? "");
      return words.map((word) => {
        if (isOwn(word) || isList) current = fieldOf(word);
        return [word.replace(/[#?]$/, ""), current] as const;
      });
    }),
);
