import { HttpStatusCode } from "@solidjs/start";
import { NotFound } from "../components/not-found.tsx";

export default function Missing() {
  return (
    <>
      <HttpStatusCode code={404} />
      <NotFound what="page" />
    </>
  );
}
