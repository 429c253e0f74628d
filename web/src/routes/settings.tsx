import { text as instructions } from "#text/instructions.ts";
import { text as models } from "#text/models.ts";
import { text } from "#text/settings.ts";
import { title } from "#text/titles.ts";
import { SectionNav } from "../components/section.tsx";
import { useTitle } from "../components/title.ts";
import { EditorSection } from "../settings/editor.tsx";
import { GitHubSection } from "../settings/github.tsx";
import { ModelsSection } from "../settings/models.tsx";
import { InstructionsSection } from "../settings/instructions.tsx";
import { NotificationsSection } from "../settings/notifications.tsx";
import { PlanSection } from "../settings/plan.tsx";
import { ProfileSection } from "../settings/profile.tsx";
import { SessionsSection } from "../settings/sessions.tsx";
import { ThemeSection } from "../settings/theme.tsx";
import { Page } from "../shell/page.tsx";

const sections = [
  { id: "profile", title: text.profile },
  { id: "theme", title: text.theme },
  { id: "editor", title: text.editor },
  { id: "instructions", title: instructions.title },
  { id: "notifications", title: text.notifications },
  { id: "models", title: models.title },
  { id: "github", title: text.github },
  { id: "plan", title: text.plan },
  { id: "sessions", title: text.signIns },
];

export default function Settings() {
  useTitle(() => title.settings);
  return (
    <Page title={text.title} nav={<SectionNav label={text.sections} sections={sections} />}>
      <ProfileSection />
      <ThemeSection />
      <EditorSection />
      <InstructionsSection of="own" />
      <NotificationsSection />
      <ModelsSection of="own" />
      <GitHubSection />
      <PlanSection />
      <SessionsSection />
    </Page>
  );
}
