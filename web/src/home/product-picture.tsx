import { text } from "#text/home.ts";
import dark from "./product-dark.webp";
import light from "./product-light.webp";

/** The workspace, in the theme of the page. On a narrow screen its right half: the agent at work, at a size to read. */
export function ProductPicture() {
  return (
    <div class="card aspect-[16/10] overflow-hidden shadow-md max-sm:aspect-square">
      <img
        class="product-picture in-light"
        src={light}
        alt={text.pictureAlt}
        width="1440"
        height="900"
        loading="lazy"
      />
      <img class="product-picture in-dark" src={dark} alt={text.pictureAlt} width="1440" height="900" loading="lazy" />
    </div>
  );
}
