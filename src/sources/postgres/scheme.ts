/** How the address of a server begins; apart from the driver, which not every command needs. */

/** SQLAlchemy's `postgresql+psycopg2://` is the same address. */
export const postgresScheme = /^postgres(?:ql)?(?:\+\w+)?:\/\//i;
