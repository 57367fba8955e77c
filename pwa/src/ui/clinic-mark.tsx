import { BrandMark } from './brand-mark.tsx'
import { useClinic } from './clinic-context.ts'
import styles from './clinic-mark.module.css'

/** The clinic's logo, or the app's own. Its name stands beside it. */
export function ClinicMark({ size }: { size: number }) {
  const { logo } = useClinic()
  if (logo === null) return <BrandMark size={size} />
  return (
    <img
      className={styles.logo}
      src={logo}
      alt=""
      height={size}
      style={{ maxInlineSize: size * 4 }}
    />
  )
}
