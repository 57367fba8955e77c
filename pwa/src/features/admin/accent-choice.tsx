import { accentTokens } from '../../base/accent-tokens.ts'
import { contrast } from '../../base/contrast.ts'
import parts from './admin-parts.module.css'
import styles from './settings-screen.module.css'

interface Props {
  /** `#rrggbb`; null for the app's own. */
  accent: string | null
  onChange: (accent: string | null) => void
}

const OWN = '#0b6b63'
const swatches: readonly (readonly [colour: string, name: string])[] = [
  ['#1f5fa8', 'Blue'],
  ['#5a3fa0', 'Violet'],
  ['#a3195b', 'Magenta'],
  ['#a33b12', 'Rust'],
  ['#3f6b1f', 'Green'],
  ['#4a4f57', 'Slate'],
]

/** The clinic's colour, and how it is going to look, by day and by night. */
export function AccentChoice({ accent, onChange }: Props) {
  const tokens = accentTokens(accent ?? OWN)
  const isChanged = accent !== null && tokens.light['--accent'] !== accent
  return (
    <div className={styles.fields}>
      <fieldset className={styles.swatches}>
        <legend className={styles.label}>Colour</legend>
        {[[null, 'Wardline’s own'] as const, ...swatches].map(([colour, name]) => (
          <button
            key={name}
            type="button"
            className={styles.swatch}
            aria-label={name}
            title={name}
            aria-pressed={colour === accent}
            onClick={() => onChange(colour)}
          >
            <span style={{ background: colour ?? OWN }} />
          </button>
        ))}
        <input
          type="color"
          className={styles.own}
          aria-label="Another colour"
          title="Another colour"
          value={accent ?? OWN}
          onChange={(event) => onChange(event.target.value.toLowerCase())}
        />
      </fieldset>
      <div className={styles.samples} aria-hidden="true">
        {(['light', 'dark'] as const).map((theme) => {
          const { '--accent': fill, '--on-accent': on, '--accent-ink': ink } = tokens[theme]
          const bubble = tokens[theme]['--bubble-mine']
          return (
            <div key={theme} className={styles.sample} data-theme={theme}>
              <span className={styles.pill} style={{ background: fill, color: on }}>
                Send
              </span>
              <span style={{ color: ink }}>Show more</span>
              <span
                className={styles.bubble}
                style={{ background: bubble, color: theme === 'light' ? '#1a2322' : '#e8ecea' }}
              >
                Thank you, doctor.
              </span>
            </div>
          )
        })}
      </div>
      <p className={parts.soft} role="status">
        {isChanged
          ? 'A little darker than chosen, so that white text on it can be read. '
          : 'White text on it can be read. '}
        Contrast {contrast(tokens.light['--accent'] ?? '', '#ffffff').toFixed(1)} to 1; at least 4.5
        is needed.
      </p>
    </div>
  )
}
