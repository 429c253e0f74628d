import { createResource, createSignal, For, onMount, Show } from "solid-js";
import type { Person, PersonChange } from "@slipway/contract/user";
import { changeLimits, changePerson, getLimits, listAudit, listPeople } from "@slipway/contract/routes/admin";
import { text } from "#text/admin.ts";
import { text as common } from "#text/common.ts";
import { title } from "#text/titles.ts";
import { ApiError, messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { dollars } from "../components/format.ts";
import { latest } from "../components/latest.ts";
import { relativeTime } from "../components/relative-time.ts";
import { Section } from "../components/section.tsx";
import { useTitle } from "../components/title.ts";
import { toast } from "../components/toasts.tsx";
import { InstructionsSection } from "../settings/instructions.tsx";
import { ModelsSection } from "../settings/models.tsx";
import { Page } from "../shell/page.tsx";
import { refreshInbox } from "../stores/inbox.ts";

/** For admins: people, plans, limits, cost and the audit. */
export default function Admin() {
  useTitle(() => title.admin);
  const [mounted, setMounted] = createSignal(false);
  onMount(() => setMounted(true));
  const [people, { mutate, refetch }] = createResource(mounted, () => call(listPeople));
  const [audit, { refetch: readAudit }] = createResource(mounted, () => call(listAudit));

  async function change(person: Person, wanted: PersonChange): Promise<void> {
    try {
      const changed = await call(changePerson, { params: { id: person.id }, body: wanted });
      mutate(
        (page) => page && { ...page, people: page.people.map((each) => (each.id === changed.id ? changed : each)) },
      );
      void readAudit();
      void refreshInbox(true).catch(() => undefined);
    } catch (error) {
      toast(messageOf(error));
    }
  }
  async function more(cursor: string): Promise<void> {
    try {
      const next = await call(listPeople, { query: { cursor } });
      mutate((page) => ({ ...next, people: [...(page?.people ?? []), ...next.people] }));
    } catch (error) {
      toast(messageOf(error));
    }
  }
  const asking = () => (latest(people)?.people ?? []).filter(({ askedForProAt }) => askedForProAt !== undefined);
  const refused = () => people.error instanceof ApiError && people.error.status === 403;

  return (
    <Page title={text.title}>
      <Show
        when={!people.error}
        fallback={
          <p role="alert" class="card flex items-center justify-between gap-3 p-4 text-sm">
            {messageOf(people.error)}
            <Show when={!refused()}>
              <button class="button button-small" onClick={() => void refetch()}>
                {common.tryAgain}
              </button>
            </Show>
          </p>
        }
      >
        <Show when={asking().length > 0}>
          <Section id="requests" title={text.requests}>
            <ul class="flex flex-col gap-2">
              <For each={asking()}>
                {(person) => (
                  <li class="flex flex-wrap items-center gap-3 text-sm">
                    <span class="grow">
                      <strong>{person.name}</strong> {person.plan === "free" ? text.asksForPro : text.asksForMore}{" "}
                      <span class="text-quiet">{relativeTime(person.askedForProAt ?? 0)}</span>
                    </span>
                    <span class="flex items-center gap-3">
                      <Show
                        when={person.plan === "free"}
                        fallback={<span class="text-quiet">{text.setLimitBelow}</span>}
                      >
                        <button
                          class="button button-small button-main"
                          onClick={() => void change(person, { plan: "pro" })}
                        >
                          {text.givePro}
                        </button>
                      </Show>
                      <button class="button button-small" onClick={() => void change(person, { dismissRequest: true })}>
                        {text.dismiss}
                      </button>
                    </span>
                  </li>
                )}
              </For>
            </ul>
          </Section>
        </Show>
        <Section title={text.people} about={text.peopleAbout}>
          <Show when={latest(people)} fallback={<div class="skeleton h-24" />}>
            {(page) => (
              <div>
                <table class="table stacked">
                  <caption class="sr-only">{text.people}</caption>
                  <thead>
                    <tr>
                      <th scope="col">{text.name}</th>
                      <th scope="col">{text.plan}</th>
                      <th scope="col" class="text-right">
                        {text.runs}
                      </th>
                      <th scope="col">{text.limit}</th>
                      <th scope="col" class="text-right">
                        {text.cost}
                      </th>
                      <th scope="col">
                        <span class="sr-only">{text.month}</span>
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    <For each={page().people}>
                      {(person) => <PersonRow person={person} onChange={(wanted) => void change(person, wanted)} />}
                    </For>
                  </tbody>
                </table>
                <Show when={page().cursor}>
                  {(cursor) => (
                    <button class="button mt-3" onClick={() => void more(cursor())}>
                      {common.showMore}
                    </button>
                  )}
                </Show>
              </div>
            )}
          </Show>
        </Section>
        <InstructionsSection of="team" onChanged={() => void readAudit()} />
        <ModelsSection of="team" onChanged={() => void readAudit()} />
        <Limits onChanged={() => (void refetch(), void readAudit())} />
        <Section title={text.audit} about={text.auditAbout}>
          <Show when={latest(audit)?.entries.length} fallback={<p class="text-sm text-quiet">{text.noAudit}</p>}>
            <ul class="flex flex-col gap-1 text-sm">
              <For each={latest(audit)?.entries}>
                {(entry) => (
                  <li class="flex flex-wrap gap-x-2">
                    <span class="min-w-0 grow break-words">
                      {text.entry(entry.byName, entry.action, entry.subject, entry.before, entry.after)}
                    </span>
                    <time class="text-quiet" dateTime={new Date(entry.at).toISOString()}>
                      {relativeTime(entry.at)}
                    </time>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        </Section>
      </Show>
    </Page>
  );
}

/** A row; on a narrow screen a card, whose cells name their columns. */
function PersonRow(props: { person: Person; onChange(wanted: PersonChange): void }) {
  return (
    <tr>
      <th scope="row" class="max-w-56 truncate font-normal">
        {props.person.name}
        <Show when={props.person.role === "admin"}>
          <span class="ml-2 text-xs text-quiet">{text.admin}</span>
        </Show>
        <Show when={props.person.email}>
          <span class="block truncate text-xs text-quiet">{props.person.email}</span>
        </Show>
      </th>
      <td data-label={text.plan}>
        <select
          class="field w-24 py-1"
          aria-label={text.planOf(props.person.name)}
          value={props.person.plan}
          onChange={(event) => props.onChange({ plan: event.currentTarget.value === "pro" ? "pro" : "free" })}
        >
          <option value="free">{text.free}</option>
          <option value="pro">{text.pro}</option>
        </select>
      </td>
      <td class="text-right tabular-nums" data-label={text.runs}>
        {text.used(props.person.used, props.person.limit)}
      </td>
      <td data-label={text.limit}>
        <input
          class="field w-24 py-1"
          type="number"
          min={0}
          max={100000}
          aria-label={text.ownLimitOf(props.person.name)}
          placeholder={text.asPlan}
          value={props.person.ownLimit ?? ""}
          onChange={(event) => {
            const { value, valueAsNumber } = event.currentTarget;
            props.onChange({ limit: value === "" ? null : Math.round(valueAsNumber) });
          }}
        />
      </td>
      <td class="text-right tabular-nums" data-label={text.cost}>
        {dollars(props.person.dollars)}
      </td>
      <td class="text-right">
        <button
          class="button button-small"
          disabled={props.person.used === 0}
          aria-label={text.resetMonthOf(props.person.name)}
          onClick={() => props.onChange({ resetMonth: true })}
        >
          {text.reset}
        </button>
      </td>
    </tr>
  );
}

function Limits(props: { onChanged(): void }) {
  const [mounted, setMounted] = createSignal(false);
  onMount(() => setMounted(true));
  const [limits, { mutate }] = createResource(mounted, () => call(getLimits));
  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    try {
      const known = latest(limits);
      // Only what was edited here: another admin may be editing the other plan.
      const edited = (["free", "pro"] as const)
        .map((plan) => [plan, Number(form.get(plan))] as const)
        .filter(([plan, limit]) => limit !== known?.[plan]);
      if (edited.length > 0) mutate(await call(changeLimits, { body: Object.fromEntries(edited) }));
      toast(text.limitsSaved);
      props.onChanged();
    } catch (error) {
      toast(messageOf(error));
    }
  }
  return (
    <Section title={text.limits} about={text.limitsAbout}>
      <Show when={latest(limits)} fallback={<div class="skeleton h-16" />}>
        {(known) => (
          <form class="flex flex-wrap items-end gap-3" onSubmit={(event) => void save(event)}>
            <For each={["free", "pro"] as const}>
              {(plan) => (
                <label class="flex flex-col gap-1 text-sm">
                  {text[plan]}
                  <input
                    class="field w-28"
                    type="number"
                    name={plan}
                    min={0}
                    max={100000}
                    required
                    value={known()[plan]}
                  />
                </label>
              )}
            </For>
            <button class="button">{common.save}</button>
          </form>
        )}
      </Show>
    </Section>
  );
}
