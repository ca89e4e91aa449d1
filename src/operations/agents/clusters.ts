import type { ReportedAgent } from './agent.ts'

const BEFORE = 'Make the template before it joins'

/** Members of clusters, and databases, one row each: reported, never touched. */
export const CLUSTERS: readonly ReportedAgent[] = [
  {
    name: 'kubernetes',
    product: 'Kubernetes (kubelet, kubeadm)',
    holds: 'the membership',
    found: [
      '/etc/kubernetes/kubelet.conf',
      '/etc/kubernetes/admin.conf',
      '/etc/kubernetes/manifests/kube-apiserver.yaml',
      '/var/lib/kubelet/pki/kubelet-client-current.pem',
    ],
    advice: `${BEFORE}; or run \`kubeadm reset\` in the clone while no other member is in its reach, then join it.`,
  },
  {
    name: 'etcd',
    product: 'etcd',
    holds: 'the member’s data',
    found: ['/var/lib/etcd/member', '/var/lib/etcd/*/member'],
    advice: `${BEFORE}; or empty the directory in the clone, and add the clone by \`etcdctl member add\`.`,
  },
  {
    name: 'docker-swarm',
    product: 'Docker Swarm',
    holds: 'the membership',
    found: ['/var/lib/docker/swarm/certificates/swarm-node.crt', '/var/lib/docker/swarm/docker-state.json'],
    advice: `${BEFORE}; or, in the clone, \`docker swarm leave --force\` while no other member is in its reach, then join it.`,
  },
  {
    name: 'k3s',
    product: 'K3s or RKE2',
    holds: 'the membership',
    found: ['k3s', 'rke2'].flatMap((name) => [
      `/var/lib/rancher/${name}/server/db`,
      `/var/lib/rancher/${name}/agent/client-kubelet.crt`,
    ]),
    advice: `${BEFORE}; a server that is cloned takes the whole cluster’s data with it.`,
  },
  {
    name: 'corosync',
    product: 'Corosync',
    holds: 'the membership',
    found: [
      '/etc/corosync/authkey',
      { path: '/etc/corosync/corosync.conf', holding: /^\s*ring\d_addr:\s*(?!127\.)\S/m },
    ],
    advice: 'In the clone: `pcs cluster destroy`, or delete both files, before it reaches the other nodes.',
  },
  {
    name: 'consul',
    product: 'Consul',
    holds: 'the node id',
    found: ['/opt/consul/node-id', '/opt/consul/data/node-id', '/var/lib/consul/node-id'],
    advice: 'Empty the data directory in the clone before the agent starts; a server is added as a new one.',
  },
  {
    name: 'nomad',
    product: 'Nomad',
    holds: 'the node id',
    found: ['/opt/nomad', '/opt/nomad/data', '/var/lib/nomad'].flatMap((root) => [
      `${root}/client/client-id`,
      `${root}/server/node-id`,
    ]),
    advice: 'Empty the data directory in the clone before the agent starts; a server is added as a new one.',
  },
  {
    name: 'elasticsearch',
    product: 'Elasticsearch or OpenSearch',
    holds: 'the node id',
    found: ['elasticsearch', 'opensearch'].flatMap((name) => [
      `/var/lib/${name}/_state/*`,
      `/var/lib/${name}/nodes/*/_state/*`,
    ]),
    advice:
      'Empty the data directory in the clone before the node starts; the cluster copies the data to it.',
  },
  {
    name: 'kafka',
    product: 'Kafka',
    holds: 'the broker’s id',
    found: ['/var/lib/kafka/meta.properties', '/var/lib/kafka/*/meta.properties'],
    advice: 'Empty the log directory in the clone and give it another broker or node id.',
  },
  {
    name: 'zookeeper',
    product: 'ZooKeeper',
    holds: 'the server’s number',
    found: ['/var/lib/zookeeper/myid', '/var/lib/zookeeper/data/myid'],
    advice: 'Give the clone a number of its own there, and in the list of servers.',
  },
  {
    name: 'cassandra',
    product: 'Cassandra',
    holds: 'the host id',
    found: ['/var/lib/cassandra/data/system/local-*'],
    advice: 'Empty data, commit log and saved caches in the clone before it starts as a new node.',
  },
  {
    name: 'mysql',
    product: 'MySQL',
    holds: 'the server UUID',
    found: ['/var/lib/mysql/auto.cnf'],
    advice:
      'If the server replicates: delete the file in the clone, mysqld makes a new one; set another server_id.',
  },
  {
    name: 'galera',
    product: 'Galera',
    holds: 'the node’s place in the cluster',
    found: ['/var/lib/mysql/grastate.dat'],
    advice:
      'Change wsrep_node_name and wsrep_node_address in the clone, and delete gvwstate.dat, before it starts.',
  },
  {
    name: 'redis-cluster',
    product: 'Redis or Valkey cluster',
    holds: 'the node’s id and place in the cluster',
    found: ['/var/lib/redis/nodes*.conf', '/var/lib/valkey/nodes*.conf'],
    advice:
      'Delete it and the data in the clone before it starts, then add the node: `redis-cli --cluster add-node`.',
  },
  {
    name: 'ceph',
    product: 'Ceph',
    holds: 'the daemon’s keys and data',
    found: ['/var/lib/ceph/mon/*', '/var/lib/ceph/osd/*', '/var/lib/ceph/*/mon.*', '/var/lib/ceph/*/osd.*'],
    advice: `${BEFORE}; a daemon that is cloned must not start.`,
  },
  {
    name: 'glusterfs',
    product: 'GlusterFS',
    holds: 'the peer’s UUID',
    found: ['/var/lib/glusterd/glusterd.info'],
    advice:
      'Delete it in the clone while glusterd is stopped, and what lies in /var/lib/glusterd/peers; then probe the peers.',
  },
]
