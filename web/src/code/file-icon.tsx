import Braces from "lucide-solid/icons/braces";
import Code from "lucide-solid/icons/file-code";
import Cog from "lucide-solid/icons/file-cog";
import Database from "lucide-solid/icons/database";
import File from "lucide-solid/icons/file";
import Hash from "lucide-solid/icons/hash";
import Image from "lucide-solid/icons/image";
import Terminal from "lucide-solid/icons/file-terminal";
import Text from "lucide-solid/icons/file-text";
import type { Component } from "solid-js";
import { Dynamic } from "solid-js/web";

type Icon = Component<{ size: number; class: string }>;
interface Kind {
  icon: Icon;
  color: string;
}

const kinds: readonly (Kind & { names: RegExp })[] = [
  { names: /\.(?:tsx?|mts|cts)$/, icon: Code, color: "text-[var(--code-function)]" },
  { names: /\.(?:jsx?|mjs|cjs)$/, icon: Code, color: "text-[var(--code-number)]" },
  { names: /\.(?:jsonc?|webmanifest)$/, icon: Braces, color: "text-[var(--code-number)]" },
  { names: /\.(?:html?|vue|svelte|xml)$/, icon: Code, color: "text-[var(--code-keyword)]" },
  { names: /\.(?:css|scss|less)$/, icon: Hash, color: "text-[var(--code-property)]" },
  { names: /\.(?:png|jpe?g|gif|webp|avif|ico|svg)$/, icon: Image, color: "text-[var(--code-string)]" },
  { names: /\.(?:md|mdx|txt|rst)$|^(?:license|readme)/, icon: Text, color: "text-quiet" },
  { names: /\.(?:sh|bash|zsh|ps1|bat)$|^(?:dockerfile|makefile)/, icon: Terminal, color: "text-[var(--code-string)]" },
  { names: /\.(?:py|go|rs|java|php|rb|c|h|cc|cpp|cs|swift|kt)$/, icon: Code, color: "text-[var(--code-type)]" },
  { names: /\.(?:sql|db|sqlite)$/, icon: Database, color: "text-[var(--code-type)]" },
  { names: /\.(?:ya?ml|toml|ini|env|lock|conf)$|^\.|rc$/, icon: Cog, color: "text-quiet" },
];
const other: Kind = { icon: File, color: "text-quiet" };

/** A small picture of what a file is, by its name. It repeats the name, so assistive technology skips it. */
export function FileIcon(props: { path: string; size?: number }) {
  const kind = () => {
    const name = props.path.slice(props.path.lastIndexOf("/") + 1).toLowerCase();
    return kinds.find(({ names }) => names.test(name)) ?? other;
  };
  return <Dynamic component={kind().icon} size={props.size ?? 14} class={`shrink-0 ${kind().color}`} />;
}
