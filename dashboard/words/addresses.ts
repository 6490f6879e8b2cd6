/** Where an account and a break are: as pages, and in the API. */

const named = (list: string) => (name: string) => `/${list}/${encodeURIComponent(name)}`;

export const accountAddress = named('accounts');
export const accountApi = named('api/v1/accounts');
export const breakAddress = named('breaks');
export const breakApi = named('api/v1/breaks');
