package pricing

// generated at 2026-09-18T13:06:44Z for cn-north-1

var InitialOnDemandPricesCN = map[string]map[string]float64{
	"cn-north-1": {
		"g4dn.12xlarge": 38.849000, "g4dn.xlarge": 5.223000,
	},
}
