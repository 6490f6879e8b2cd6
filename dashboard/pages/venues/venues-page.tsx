/** What runs: each venue and its streams, and the duties by their clock. */
import type { Duties, Venues } from '../../api/operations.ts';
import type { Policy } from '../../api/policy.ts';
import { Empty } from '../../parts/empty.tsx';
import { Section } from '../../parts/section.tsx';
import { Whole } from '../../parts/whole.tsx';
import { useReading } from '../../state/reading.ts';
import { mode } from '../../state/settings.ts';
import { DutyTable } from './duty-table.tsx';
import { RepairPolicy } from './repair-policy.tsx';
import { VenueCard } from './venue-card.tsx';

export function VenuesPage() {
  const venues = useReading<Venues>('/api/v1/venues');
  const duties = useReading<Duties>('/api/v1/duties');
  const policy = useReading<Policy>('/api/v1/policy');
  return (
    <>
      <h1 class="page-title">Venues and duties</h1>
      <Section title="Venues">
        <Whole reading={venues} heads={['Venue', 'Answers', 'Streams', 'Clock']}>
          {({ items }) =>
            items.every((venue) => venue.mode !== mode.value) ? (
              <Empty title={`No ${mode.value} venue is set up`}>
                What the venue holds is compared once it is named in trueup.yaml: see doctor
                --venue.
              </Empty>
            ) : (
              <div class="venues">
                {items
                  .filter((venue) => venue.mode === mode.value)
                  .map((venue) => (
                    <VenueCard key={`${venue.name} ${venue.account}`} venue={venue} />
                  ))}
              </div>
            )
          }
        </Whole>
      </Section>
      <Section title="Duties">
        <Whole reading={duties} heads={['Duty', 'When', 'Last', 'Next']}>
          {({ items }) => <DutyTable duties={items} />}
        </Whole>
      </Section>
      <Section title="Repairs without a person">
        <Whole reading={policy} heads={['Account', 'Repairs', 'Taken back', 'Rows written']}>
          {(one) => <RepairPolicy policy={one} />}
        </Whole>
      </Section>
    </>
  );
}
