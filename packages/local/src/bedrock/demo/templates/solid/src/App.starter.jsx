import { createSignal } from "solid-js";

export function App() {
  const [count, setCount] = createSignal(0);
  return (
    <main>
      <header class="top">
        <div>
          <h1>{{title}}</h1>
          <p class="lead">Edit src/App.tsx, and the page follows.</p>
        </div>
      </header>
      <section class="card row">
        <button type="button" class="primary" onClick={() => setCount((before) => before + 1)}>
          Count
        </button>
        <output aria-live="polite">{count()}</output>
      </section>
    </main>
  );
}
