import { useTranslations } from 'next-intl';
import { memo, type ReactNode, useState } from 'react';
import { changeShape, demandShapes } from '@/components/capacity/model/change-shape';
import {
  type Control,
  type ControlGroup,
  controlGroups,
  listControls,
} from '@/components/capacity/model/list-controls';
import { KindMark } from '@/components/ui/chip';
import { Field } from '@/components/ui/field';
import { Panel } from '@/components/ui/panel';
import { SegmentedField } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import type { CapacityScenario, ScenarioBalancer } from '@/lib/capacity/scenario/scenario';
import { clbSpecLimits } from '@/lib/estate/facts/limits';
import { ImportDemand } from './import-demand';
import { SliderField } from './slider-field';

type InputsProps = {
  readonly scenario: CapacityScenario;
  readonly onChange: (scenario: CapacityScenario) => void;
  /** Another source of the demand, beside a file. */
  readonly source?: ReactNode;
};

/** All inputs of a scenario, by subject. */
export const InputsPanel = memo(function InputsPanel({ scenario, onChange, source }: InputsProps) {
  const t = useTranslations('capacity.inputs');
  const [functionIndex, setFunctionIndex] = useState(0);
  const index = Math.min(functionIndex, scenario.functions.length - 1);
  const controls = listControls(scenario, index);
  return (
    <Panel title={t('title')} className="lg:max-h-[calc(100vh-5rem)] lg:overflow-y-auto">
      <div className="grid gap-4 md:max-lg:grid-cols-2">
        {controlGroups.map((group) => (
          <fieldset
            key={group}
            className="grid min-w-0 content-start gap-2.5 border-t border-line pt-3 first:border-t-0 first:pt-0 md:max-lg:border-t-0 md:max-lg:pt-0"
          >
            <legend className="float-left mb-0.5 flex items-center gap-1.5 font-semibold">
              {group === 'function' ? <KindMark kind="scf" /> : null}
              {group === 'servers' ? <KindMark kind="cvm" /> : null}
              {t(`group.${group}`)}
            </legend>
            <div className="clear-both grid gap-2.5">
              <GroupChoices
                group={group}
                scenario={scenario}
                onChange={onChange}
                index={index}
                onPick={setFunctionIndex}
                source={source}
              />
              <Sliders
                controls={controls.filter((each) => each.group === group && !each.isFine)}
                onChange={onChange}
                index={index}
              />
              <FineSliders
                controls={controls.filter((each) => each.group === group && each.isFine)}
                onChange={onChange}
                index={index}
              />
            </div>
          </fieldset>
        ))}
      </div>
    </Panel>
  );
});

type SlidersProps = {
  readonly controls: readonly Control[];
  readonly onChange: InputsProps['onChange'];
  /** The function that they are about. */
  readonly index: number;
};

function Sliders({ controls, onChange, index }: SlidersProps) {
  const t = useTranslations('capacity.inputs.label');
  return controls.map((control) => (
    <SliderField
      key={`${control.id} ${index}`}
      control={control}
      label={t(control.id)}
      onChange={(value) => onChange(control.set(value))}
    />
  ));
}

function FineSliders(sliders: SlidersProps) {
  const t = useTranslations('capacity.inputs');
  if (sliders.controls.length === 0) return null;
  return (
    <details>
      <summary className="cursor-pointer py-1 text-12 text-ink-2">{t('more')}</summary>
      <div className="grid gap-2.5 pt-1">
        <Sliders {...sliders} />
      </div>
    </details>
  );
}

type GroupChoicesProps = InputsProps & {
  readonly group: ControlGroup;
  readonly index: number;
  readonly onPick: (index: number) => void;
};

/** The inputs of a group that are no numbers. */
function GroupChoices({ group, scenario, onChange, index, onPick, source }: GroupChoicesProps) {
  const t = useTranslations('capacity.inputs');
  const { demand, traffic, functions } = scenario;
  switch (group) {
    case 'demand':
      return (
        <>
          <Field label={t('shape')}>
            {(field) => (
              <Select
                {...field}
                value={demand.kind}
                onChange={(shape) => {
                  const known = demandShapes.find((each) => each === shape);
                  if (known !== undefined) onChange(changeShape(scenario, known));
                }}
                options={[...demandShapes, ...(demand.kind === 'series' ? (['series'] as const) : [])].map(
                  (value) => ({ value, label: t(`shapes.${value}`) }),
                )}
              />
            )}
          </Field>
          <div className="flex flex-wrap gap-2">
            <ImportDemand scenario={scenario} onChange={onChange} />
            {source}
          </div>
        </>
      );
    case 'function':
      return functions.length < 2 ? null : (
        <Field label={t('function')}>
          {(field) => (
            <Select
              {...field}
              value={String(index)}
              onChange={(chosen) => onPick(Number(chosen))}
              options={functions.map((fn, at) => ({ value: String(at), label: fn.name, hint: fn.region }))}
            />
          )}
        </Field>
      );
    case 'balancer':
      return <BalancerChoices scenario={scenario} onChange={onChange} />;
    case 'dns':
      return (
        <SegmentedField
          label={t('how')}
          note={t('howNote', { how: traffic.how })}
          value={traffic.how}
          onChange={(how) => onChange({ ...scenario, traffic: { ...traffic, how } })}
          options={(['dns', 'rule'] as const).map((value) => ({ value, label: t(`hows.${value}`) }))}
        />
      );
    default:
      return null;
  }
}

const same = 'same';
const shared = 'shared';

function BalancerChoices({ scenario, onChange }: InputsProps) {
  const t = useTranslations('capacity.inputs');
  const { balancers } = scenario;
  const specs = [
    { value: shared, label: t('specShared') },
    ...Object.keys(clbSpecLimits).map((spec) => ({ value: spec, label: spec })),
  ];
  const known = (spec: string) => (spec === '' ? shared : spec);
  const listed = (spec: string) =>
    specs.some(({ value }) => value === known(spec)) ? specs : [...specs, { value: spec, label: spec }];
  const put = (balancer: ScenarioBalancer, value: string) => ({
    ...balancer,
    spec: value === shared ? '' : value,
  });
  return (
    <>
      <Field label={t('spec')}>
        {(field) => (
          <Select
            {...field}
            value={known(balancers.cvm.spec)}
            onChange={(value) =>
              onChange({ ...scenario, balancers: { ...balancers, cvm: put(balancers.cvm, value) } })
            }
            options={listed(balancers.cvm.spec)}
          />
        )}
      </Field>
      <Field label={t('functionSpec')}>
        {(field) => (
          <Select
            {...field}
            value={balancers.function === null ? same : known(balancers.function.spec)}
            onChange={(value) => {
              const own = balancers.function ?? { ...balancers.cvm, name: `${balancers.cvm.name} 2` };
              onChange({
                ...scenario,
                balancers: { ...balancers, function: value === same ? null : put(own, value) },
              });
            }}
            options={[{ value: same, label: t('same') }, ...listed(balancers.function?.spec ?? '')]}
          />
        )}
      </Field>
    </>
  );
}
