import t from 'tap';
import { singular } from '../../swagger/singular.js';

const nouns = `
  shelves shelf      books book          entries entry        policies policy      keys key            addresses address
  processes process  statuses status     buses bus            boxes box            indexes index       indices index
  branches branch    databases database  releases release     licenses license     instances instance  services service
  caches cache       archives archive    nodes node           people person        children child      aliases alias
  houses house       series series       data data            metadata metadata    news news           status status
  analysis analysis  analyses analysis   class class          leases lease         quotas quota        warehouses warehouse
  drives drive       schemas schema      dataStores dataStore sizes size           movies movie        kubernetes kubernetes
  constructor constructor
`;

t.test('collections have members', async (t) => {
  for (const [, plural = '', expected = ''] of nouns.matchAll(/(\w+) (\w+)/g)) t.equal(singular(plural), expected, plural);
});
