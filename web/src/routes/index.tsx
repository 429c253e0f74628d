import { useSearchParams } from "@solidjs/router";
import FolderGit from "lucide-solid/icons/folder-git-2";
import FilePlus from "lucide-solid/icons/file-plus";
import { clientOnly } from "@solidjs/start";
import { onMount, Show } from "solid-js";
import { title } from "#text/titles.ts";
import { text } from "#text/home.ts";
import { text as loading } from "#text/loading.ts";
import { loadCode } from "../api/code.ts";
import { pageState } from "../api/page-state.ts";
import { useTitle } from "../components/title.ts";
import { orFailure } from "../components/or-failure.tsx";
import { toastError } from "../components/toasts.tsx";
import { ProductPicture } from "../home/product-picture.tsx";
import { WhySlipway } from "../home/why-slipway.tsx";
import { PageHeader } from "../shell/page.tsx";
import { PromptBox } from "../shell/prompt-box.tsx";
import { runCommand } from "../stores/commands.ts";
import { openDialog, refuseSignIn, setImportAddress } from "../stores/dialogs.ts";
import { signInTo } from "../stores/intent.ts";

const Projects = clientOnly(() => orFailure(loading.projects, () => import("../home/projects.tsx")));

/** A prompt to begin with; then what Slipway is, or a person's projects. */
export default function Home() {
  const { user } = pageState();
  const [search, setSearch] = useSearchParams();
  useTitle(() => title.home);
  onMount(() => {
    if (search.signin && !user) openDialog("sign-in");
    if (typeof search.error === "string") {
      // Back from a failed sign-in.
      if (!user) refuseSignIn(search.error);
      setSearch({ error: undefined }, { replace: true });
    }
    if (typeof search.import === "string") {
      // Back from GitHub: reopen the import dialog with its address.
      if (user) {
        setImportAddress(search.import);
        openDialog("import");
      } else signInTo({ kind: "import", address: search.import });
      setSearch({ import: undefined }, { replace: true });
    }
    if (search.github !== undefined)
      void loadCode(loading.source, () => import("../stores/github-connection.ts"))
        .then((connection) => connection.showConnectionResult())
        .catch(toastError);
  });
  return (
    <div class="flex min-h-full flex-col">
      <PageHeader isHome />
      <main
        id="main"
        tabindex="-1"
        class="mx-auto flex w-full max-w-3xl grow flex-col gap-10 px-4 pt-6 pb-16 outline-none sm:pt-[6vh]"
      >
        <section class="flex flex-col items-center gap-4">
          <h1 class="text-center text-2xl font-semibold tracking-tight text-balance">
            {user ? text.titleSignedIn : text.titleSignedOut}
          </h1>
          <Show when={!user}>
            <p class="max-w-xl text-center text-lg text-balance text-quiet">{text.leadSignedOut}</p>
          </Show>
          <PromptBox />
          <div class="flex flex-wrap gap-2 self-start">
            <button class="button" aria-keyshortcuts="Control+I Meta+I" onClick={() => runCommand("import")}>
              <FolderGit size={15} /> {text.importRepository}
            </button>
            <button class="button" title={text.blankAbout} onClick={() => runCommand("blank")}>
              <FilePlus size={15} /> {text.blankProject}
            </button>
          </div>
        </section>
        <Show
          when={user}
          fallback={
            <>
              <ProductPicture />
              <WhySlipway />
            </>
          }
        >
          <Projects fallback={<div class="skeleton h-14" aria-label={text.loadingProjects} />} />
        </Show>
      </main>
    </div>
  );
}
