import { createResource, createSignal, For, onMount, Show } from "solid-js";
import type { Person, PersonChange } from "@slipway/contract/user";
import { changePerson, getLimits, listAudit, listPeople, changeLimits } from "@slipway/contract/routes/admin";
import { ApiError, messageOf } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { latest } from "../components/latest.ts";
import { Page } from "../shell/page.tsx";
import { Section } from "../components/section.tsx";
import { relativeTime } from "../components/relative-time.ts";
import { toast } from "../components/toasts.tsx";
import { dollars } from "../components/format.ts";

/** For admins: people, plans, limits, cost and the audit. */
export default function Admin() {
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
    } catch (error) {
      toast(messageOf(error));
    }
  }
  async function more(cursor: string): Promise<void> {
    const next = await call(listPeople, { query: { cursor } });
    mutate((page) => ({ ...next, people: [...(page?.people ?? []), ...next.people] }));
  }
  const asking = () => (latest(people)?.people ?? []).filter(({ askedForProAt }) => askedForProAt !== undefined);
  const refused = () => people.error instanceof ApiError && people.error.status === 403;

  return (
    <Page title="People and plans">
      <Show
        when={!people.error}
        fallback={
          <p role="alert" class="card flex items-center justify-between gap-3 p-4 text-sm">
            {messageOf(people.error)}
            <Show when={!refused()}>
              <button class="button button-small" onClick={() => void refetch()}>
                Try again
              </button>
            </Show>
          </p>
        }
      >
        <Show when={asking().length > 0}>
          <Section title="Asked for Pro">
            <ul class="flex flex-col gap-2">
              <For each={asking()}>
                {(person) => (
                  <li class="flex flex-wrap items-center gap-3 text-sm">
                    <span class="grow">
                      <strong>{person.name}</strong>{" "}
                      <span class="text-quiet">{relativeTime(person.askedForProAt ?? 0)}</span>
                    </span>
                    <button
                      class="button button-small button-main"
                      onClick={() => void change(person, { plan: "pro" })}
                    >
                      Give Pro
                    </button>
                    <button class="button button-small" onClick={() => void change(person, { dismissRequest: true })}>
                      Dismiss
                    </button>
                  </li>
                )}
              </For>
            </ul>
          </Section>
        </Show>
        <Section title="People" about="Runs and cost of this month.">
          <Show when={latest(people)} fallback={<div class="skeleton h-24" />}>
            {(page) => (
              <div class="overflow-x-auto">
                <table class="table">
                  <caption class="sr-only">People</caption>
                  <thead>
                    <tr>
                      <th scope="col">Name</th>
                      <th scope="col">Plan</th>
                      <th scope="col" class="text-right">
                        Runs
                      </th>
                      <th scope="col">Limit</th>
                      <th scope="col" class="text-right">
                        Cost
                      </th>
                      <th scope="col">
                        <span class="sr-only">Month</span>
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
                      Show more
                    </button>
                  )}
                </Show>
              </div>
            )}
          </Show>
        </Section>
        <Limits onChanged={() => (void refetch(), void readAudit())} />
        <Section title="Audit" about="Every change that an admin made.">
          <Show when={latest(audit)?.entries.length} fallback={<p class="text-sm text-quiet">Nothing yet.</p>}>
            <ul class="flex flex-col gap-1 text-sm">
              <For each={latest(audit)?.entries}>
                {(entry) => (
                  <li class="flex flex-wrap gap-x-2">
                    <span class="grow">
                      {entry.byName} changed the {entry.action} of <strong>{entry.subject}</strong>: {entry.before} →{" "}
                      {entry.after}
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

function PersonRow(props: { person: Person; onChange(wanted: PersonChange): void }) {
  return (
    <tr>
      <th scope="row" class="max-w-56 truncate font-normal">
        {props.person.name}
        <Show when={props.person.role === "admin"}>
          <span class="ml-2 text-xs text-quiet">admin</span>
        </Show>
        <Show when={props.person.email}>
          <span class="block text-xs text-quiet">{props.person.email}</span>
        </Show>
      </th>
      <td>
        <select
          class="field w-24 py-1"
          aria-label={`Plan of ${props.person.name}`}
          value={props.person.plan}
          onChange={(event) => props.onChange({ plan: event.currentTarget.value === "pro" ? "pro" : "free" })}
        >
          <option value="free">Free</option>
          <option value="pro">Pro</option>
        </select>
      </td>
      <td class="text-right tabular-nums">
        {props.person.used}/{props.person.limit}
      </td>
      <td>
        <input
          class="field w-24 py-1"
          type="number"
          min={0}
          max={100000}
          aria-label={`Own limit of ${props.person.name}; empty for the plan's`}
          placeholder="as plan"
          value={props.person.ownLimit ?? ""}
          onChange={(event) => {
            const { value, valueAsNumber } = event.currentTarget;
            props.onChange({ limit: value === "" ? null : Math.round(valueAsNumber) });
          }}
        />
      </td>
      <td class="text-right tabular-nums">{dollars(props.person.dollars)}</td>
      <td class="text-right">
        <button
          class="button button-small"
          disabled={props.person.used === 0}
          onClick={() => props.onChange({ resetMonth: true })}
        >
          Reset<span class="sr-only"> the month of {props.person.name}</span>
        </button>
      </td>
    </tr>
  );
}

function Limits(props: { onChanged(): void }) {
  const [mounted, setMounted] = createSignal(false);
  onMount(() => setMounted(true));
  const [limits, { mutate }] = createResource(mounted, () => call(getLimits));
  async function save(event: SubmitEvent & { currentTarget: HTMLFormElement }): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    try {
      const known = limits();
      // Only what was edited here: another admin may be editing the other plan.
      const edited = (["free", "pro"] as const)
        .map((plan) => [plan, Number(form.get(plan))] as const)
        .filter(([plan, limit]) => limit !== known?.[plan]);
      if (edited.length > 0) mutate(await call(changeLimits, { body: Object.fromEntries(edited) }));
      toast("The limits are saved.");
      props.onChanged();
    } catch (error) {
      toast(messageOf(error));
    }
  }
  return (
    <Section title="Limits" about="Runs per month of each plan. A limit set for a person takes precedence.">
      <Show when={latest(limits)} fallback={<div class="skeleton h-16" />}>
        {(known) => (
          <form class="flex flex-wrap items-end gap-3" onSubmit={(event) => void save(event as never)}>
            <For each={["free", "pro"] as const}>
              {(plan) => (
                <label class="flex flex-col gap-1 text-sm">
                  {plan === "pro" ? "Pro" : "Free"}
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
            <button class="button">Save</button>
          </form>
        )}
      </Show>
    </Section>
  );
}
