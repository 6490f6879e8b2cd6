/** Which page is shown: by the address, once somebody is signed in. */
import { Frame } from './frame/frame.tsx';
import { knowsPast, OnlyNow } from './frame/only-now.tsx';
import { AccountPage } from './pages/account/account-page.tsx';
import { AccountsPage } from './pages/account/accounts-page.tsx';
import { AuditPage } from './pages/audit/audit-page.tsx';
import { BreakPage } from './pages/break/break-page.tsx';
import { BreaksPage } from './pages/breaks/breaks-page.tsx';
import { EquityPage } from './pages/equity/equity-page.tsx';
import { ExitsPage } from './pages/exits/exits-page.tsx';
import { HomePage } from './pages/home/home-page.tsx';
import { ReportsPage } from './pages/reports/reports-page.tsx';
import { SignInPage } from './pages/sign-in/sign-in-page.tsx';
import { VenuesPage } from './pages/venues/venues-page.tsx';
import { Empty } from './parts/empty.tsx';
import { asOf, decoded, path } from './state/location.ts';
import { standing } from './state/session.ts';

export function App() {
  if (standing.value === 'none') return <SignInPage />;
  if (standing.value === 'checking') {
    return (
      <p class="arriving" role="status">
        Checking who you are…
      </p>
    );
  }
  const isShown = asOf.value === null || knowsPast(path.value);
  return <Frame>{isShown ? <Page /> : <OnlyNow path={path.value} />}</Frame>;
}

function Page() {
  const [, first = '', second] = path.value.split('/');
  const name = second === undefined || second === '' ? null : decoded(second);
  if (name === null && second !== undefined && second !== '') return <NoPage />;
  switch (first) {
    case '':
      return <HomePage />;
    case 'breaks':
      return name === null ? <BreaksPage /> : <BreakPage key={name} id={name} />;
    case 'accounts':
      return name === null ? <AccountsPage /> : <AccountPage key={name} account={name} />;
    case 'equity':
      return <EquityPage />;
    case 'exits':
      return <ExitsPage />;
    case 'audit':
      return <AuditPage />;
    case 'venues':
      return <VenuesPage />;
    case 'reports':
      return <ReportsPage />;
    default:
      return <NoPage />;
  }
}

const NoPage = () => (
  <Empty title="There is no such page">g h goes home, Ctrl-K finds the rest.</Empty>
);
