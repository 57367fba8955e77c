import styles from './spinner.module.css'

/** Something is under way; say what beside it. */
export const Spinner = () => <span className={styles.spinner} aria-hidden="true" />
