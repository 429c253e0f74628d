import { HttpStatusCode } from "@solidjs/start";
import { title } from "#text/titles.ts";
import { NotFound } from "../components/not-found.tsx";
import { useTitle } from "../components/title.ts";

export default function Missing() {
  useTitle(() => title.notFound);
  return (
    <>
      <HttpStatusCode code={404} />
      <NotFound kind="page" />
    </>
  );
}
