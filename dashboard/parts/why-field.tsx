/** What a person gives as a reason: nothing is held, accepted or stopped without one. */
interface WhyFieldProps {
  readonly value: string;
  readonly placeholder?: string;
  readonly onChange: (value: string) => void;
}

export const WhyField = ({ value, placeholder, onChange }: WhyFieldProps) => (
  <label>
    Why
    <input
      type="text"
      required
      value={value}
      {...(placeholder === undefined ? {} : { placeholder })}
      onInput={({ currentTarget }) => onChange(currentTarget.value)}
    />
  </label>
);
