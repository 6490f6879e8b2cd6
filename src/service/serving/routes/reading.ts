/** Every route that reads, in the order of the reference. */
import type { Route } from '../route.ts';
import { incidentRoutes } from './incident.ts';
import { accountRoutes } from './reading-accounts.ts';
import { auditRoutes } from './reading-audit.ts';
import { breakRoutes } from './reading-breaks.ts';
import { entryRoutes } from './reading-entries.ts';
import { equityRoutes } from './reading-equity.ts';
import { gateRoutes } from './reading-gate.ts';
import { homeRoutes } from './reading-home.ts';
import { runningRoutes } from './reading-operations.ts';
import { planRoutes } from './reading-plans.ts';
import { reportRoutes } from './reading-reports.ts';
import { settingRoutes } from './reading-settings.ts';
import { sideRoutes } from './reading-sides.ts';
import { sourceRowRoutes } from './reading-source-rows.ts';
import { whyRoutes } from './reading-why.ts';

export const readingRoutes: readonly Route[] = [
  ...incidentRoutes,
  ...homeRoutes,
  ...gateRoutes,
  ...accountRoutes,
  ...sideRoutes,
  ...sourceRowRoutes,
  ...entryRoutes,
  ...whyRoutes,
  ...breakRoutes,
  ...planRoutes,
  ...auditRoutes,
  ...equityRoutes,
  ...reportRoutes,
  ...runningRoutes,
  ...settingRoutes,
];
