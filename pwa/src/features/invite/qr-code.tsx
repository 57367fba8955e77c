import encodeQR from 'qr'
import { useMemo } from 'react'
import styles from './qr-code.module.css'

/** Light modules around it, without which cameras do not see where it ends. */
const QUIET = 4

/** A QR code, always dark on light, which is what cameras read best. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { size, path } = useMemo(() => draw(text), [text])
  return (
    <svg
      className={styles.code}
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <rect className={styles.light} width={size} height={size} />
      <path className={styles.dark} d={path} />
    </svg>
  )
}

/** One square for each dark module, a row's runs joined. */
const draw = (text: string): { size: number; path: string } => {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: QUIET })
  const runs: string[] = []
  for (const [y, row] of rows.entries()) {
    let from = -1
    for (let x = 0; x <= row.length; x++) {
      if (row[x] === true) {
        if (from < 0) from = x
      } else if (from >= 0) {
        runs.push(`M${from} ${y}h${x - from}v1H${from}z`)
        from = -1
      }
    }
  }
  return { size: rows.length, path: runs.join('') }
}
