package pricing

import "time"

// generated at 2026-09-18T14:34:50Z

var initialPriceUpdate, _ = time.Parse(time.RFC3339, "2026-09-18T14:34:50Z")
var initialOnDemandPrices = map[string]map[string]float64{}

func init() {
	// eastus
	initialOnDemandPrices["eastus"] = map[string]float64{
		"Ddsv4_Type 1":                4.998000,
		"Ebdsv5-Type1":                7.075000,
		"Standard_NC24ads_A100_v4":    3.873000,
		"Standard_ND96isr_H100_v5":    98.320000,
	}
	// westus3
	initialOnDemandPrices["westus3"] = map[string]float64{
		"Standard_NC24ads_A100_v4":    3.673000,
	}
}
