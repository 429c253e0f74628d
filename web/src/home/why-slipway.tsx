import { For } from "solid-js";
import { text } from "#text/home.ts";

/** What sets Slipway apart, in four points. */
export function WhySlipway() {
  return (
    <ul class="grid gap-x-8 gap-y-5 sm:grid-cols-2">
      <For each={text.points}>
        {({ title, about }) => (
          <li>
            <h2 class="font-semibold">{title}</h2>
            <p class="text-quiet">{about}</p>
          </li>
        )}
      </For>
    </ul>
  );
}
