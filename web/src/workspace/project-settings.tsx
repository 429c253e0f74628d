import { useNavigate } from "@solidjs/router";
import Play from "lucide-solid/icons/play";
import { createResource, createSignal, createUniqueId, For, Show } from "solid-js";
import type { Model } from "@slipway/contract/model";
import type { ApprovalPolicy, ProjectSettings } from "@slipway/contract/project";
import { listRules, revokeRule } from "@slipway/contract/routes/approval";
import { removeProject, updateProject } from "@slipway/contract/routes/project";
import { models as listModels } from "@slipway/contract/routes/service";
import { text } from "#text/project.ts";
import { text as loading } from "#text/loading.ts";
import { messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { Dialog } from "../components/dialog.tsx";
import { lazyDialog } from "../components/lazy-dialog.tsx";
import { latest } from "../components/latest.ts";
import { Toggle } from "../components/section.tsx";
import { toast } from "../components/toasts.tsx";
import type { Workspace } from "../stores/workspace.ts";

const DeleteProjectDialog = lazyDialog(loading.deletion, () => import("../components/delete-project.tsx"));

const policies: readonly { value: ApprovalPolicy; label: string }[] = [
  { value: "ask", label: text.policies.ask },
  { value: "allow", label: text.policies.allow },
  { value: "deny", label: text.policies.deny },
];

/** The same model may be reached in several ways. */
function nameOf({ id, name, provider }: Model): string {
  if (provider === "bedrock") return name;
  return (id.startsWith(`${provider}@own/`) ? text.byOwnKey : text.byTeamKey)(name);
}

interface Rule {
  title: string;
  id: string;
  tool: string;
  answer: "allow" | "deny";
  conversationId?: string;
}

/** The project's commands, model, approval policy and rules, and its deletion. */
export default function ProjectSettingsDialog(props: {
  workspace: Workspace;
  onRun(name: "installCommand" | "devCommand" | "testCommand", line: string): void;
  onClose(): void;
}) {
  const { workspace } = props;
  const { projectID } = workspace;
  const navigate = useNavigate();
  const id = createUniqueId();
  const [draft, setDraft] = createSignal<ProjectSettings>(workspace.project().settings);
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal("");
  const [deleting, setDeleting] = createSignal(false);
  const [models] = createResource(async () => (await call(listModels)).models);
  const [rules, { mutate }] = createResource(async () => (await call(listRules, { params: { id: projectID } })).rules);
  /** What the settings name and nobody offers any more: the default answers. */
  const goneModel = () => {
    const { model } = draft();
    return model !== "" && latest(models)?.every(({ id }) => id !== model) ? model : undefined;
  };
  const isOwner = () => workspace.project().role === "owner";
  // The field keeps its own text: a number that is written back while it is typed loses "0." and "5.".
  const costLimit = draft().costLimit || "";
  const set = <K extends keyof ProjectSettings>(name: K, value: ProjectSettings[K]) =>
    setDraft((all) => ({ ...all, [name]: value }));

  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setFailure("");
    try {
      workspace.setProject(await call(updateProject, { params: { id: projectID }, body: { settings: draft() } }));
      toast(text.settingsSaved);
      props.onClose();
    } catch (error) {
      setFailure(messageOf(error));
    } finally {
      setBusy(false);
    }
  }
  /** Runs a command of the draft, which it keeps. */
  async function run(name: "installCommand" | "devCommand" | "testCommand"): Promise<void> {
    const line = draft()[name];
    try {
      if (isOwner() && line !== workspace.project().settings[name])
        workspace.setProject(
          await call(updateProject, { params: { id: projectID }, body: { settings: { [name]: line } } }),
        );
    } catch (error) {
      return void setFailure(messageOf(error));
    }
    props.onClose();
    props.onRun(name, line);
  }
  async function revoke(rule: Rule): Promise<void> {
    try {
      await call(revokeRule, { params: { id: projectID, ruleId: rule.id } });
      mutate((all) => all?.filter(({ id }) => id !== rule.id));
    } catch (error) {
      toast(messageOf(error));
    }
  }
  async function remove(): Promise<void> {
    setDeleting(false);
    try {
      await call(removeProject, { params: { id: projectID } });
      props.onClose();
      navigate("/");
    } catch (error) {
      toast(messageOf(error));
    }
  }

  return (
    <>
      <Dialog open title={text.settings} onClose={props.onClose}>
        <form class="flex flex-col gap-4" onSubmit={(event) => void save(event)}>
          <label class="flex flex-col gap-1 text-sm">
            {text.model}
            <select class="field" value={draft().model} onChange={(event) => set("model", event.currentTarget.value)}>
              <option value="">{text.defaultModel}</option>
              <For each={latest(models)}>
                {(model) => (
                  <option value={model.id} selected={model.id === draft().model}>
                    {nameOf(model)}
                  </option>
                )}
              </For>
              <Show when={goneModel()}>
                {(gone) => (
                  <option value={gone()} selected>
                    {text.goneModel(gone())}
                  </option>
                )}
              </Show>
            </select>
            <span class="text-xs text-quiet">
              {
                latest(models)?.find(({ id, isDefault }) => (draft().model ? id === draft().model : isDefault))
                  ?.description
              }
            </span>
          </label>
          <label class="flex flex-col gap-1 text-sm">
            {text.riskyActions}
            <select
              class="field"
              value={draft().approvalPolicy}
              onChange={(event) => set("approvalPolicy", event.currentTarget.value as ApprovalPolicy)}
            >
              <For each={policies}>{({ value, label }) => <option value={value}>{label}</option>}</For>
            </select>
          </label>
          <label class="flex flex-col gap-1 text-sm">
            {text.costLimit}
            <input
              class="field w-32"
              type="number"
              min={0}
              max={10000}
              step="any"
              placeholder={text.noLimit}
              value={costLimit}
              onInput={(event) => set("costLimit", event.currentTarget.valueAsNumber || 0)}
            />
            <span class="text-xs text-quiet">{text.costLimitAbout}</span>
          </label>
          <For
            each={
              [
                ["installCommand", text.commands.installCommand, "npm install"],
                ["devCommand", text.commands.devCommand, "npm run dev"],
                ["testCommand", text.commands.testCommand, "npm test"],
              ] as const
            }
          >
            {([name, label, placeholder]) => (
              <div class="flex flex-col gap-1 text-sm">
                <label for={`${id}-${name}`}>{label}</label>
                <span class="flex gap-2">
                  <input
                    id={`${id}-${name}`}
                    class="field min-w-0 grow font-mono text-sm"
                    maxlength={500}
                    placeholder={placeholder}
                    value={draft()[name]}
                    onInput={(event) => set(name, event.currentTarget.value)}
                  />
                  <button
                    type="button"
                    class="button h-auto"
                    aria-label={text.runNamed(label)}
                    disabled={draft()[name].trim() === "" || workspace.project().role === "viewer"}
                    onClick={() => void run(name)}
                  >
                    <Play size={14} /> {text.run}
                  </button>
                </span>
              </div>
            )}
          </For>
          <Toggle
            label={text.prestart}
            about={text.prestartAbout}
            checked={draft().sandboxPrestart}
            onChange={(on) => set("sandboxPrestart", on)}
          />
          <Show when={failure()}>
            <p role="alert" class="text-sm text-bad">
              {failure()}
            </p>
          </Show>
          <button class="button button-main" disabled={busy() || !isOwner()}>
            {busy() ? text.saving : text.save}
          </button>
        </form>
        <section aria-label={text.permissions} class="border-t border-line pt-4">
          <h3 class="text-sm font-semibold">{text.permissions}</h3>
          <Show when={latest(rules)?.length} fallback={<p class="text-sm text-quiet">{text.noPermissions}</p>}>
            <ul class="mt-2 flex flex-col gap-2">
              <For each={latest(rules)}>
                {(rule) => (
                  <li class="flex items-center gap-3 text-sm">
                    <span class="min-w-0 grow">
                      {rule.answer === "allow" ? text.allow(rule.title) : text.deny(rule.title)}
                      <Show when={rule.pattern}>
                        {(pattern) => <code class="ml-1 font-mono text-xs break-all">{pattern()}</code>}
                      </Show>
                      <span class="text-quiet"> {rule.conversationId ? text.inConversation : text.inProject}</span>
                    </span>
                    <button class="button button-small" onClick={() => void revoke(rule)}>
                      {text.revoke}
                    </button>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        </section>
        <Show when={isOwner()}>
          <div class="border-t border-line pt-4">
            <button class="button button-bad" onClick={() => setDeleting(true)}>
              {text.deleteProject}
            </button>
          </div>
        </Show>
      </Dialog>

      <Show when={deleting()}>
        <DeleteProjectDialog
          name={workspace.project().name}
          onClose={() => setDeleting(false)}
          onDelete={() => void remove()}
        />
      </Show>
    </>
  );
}
