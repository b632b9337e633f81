"""Physical constants of the serving model; each stands in `pricing/constants/serving.csv` with its source."""

MEMORY_EFFICIENCY = 0.95  # serving.memory_efficiency
FLOPS_EFFICIENCY = 0.667  # serving.flops_efficiency
FLOPS_EFFICIENCY_FP4 = 0.321  # serving.flops_efficiency_fp4
MOE_FLOPS_EFFICIENCY = 0.24  # serving.moe_flops_efficiency
MOE_FLOPS_EFFICIENCY_FP4 = 0.15  # serving.moe_flops_efficiency_fp4
STEP_SECONDS = 0.0005  # serving.step_seconds
LAYER_SECONDS = 6.44e-5  # serving.layer_seconds
COLLECTIVE_SECONDS = 1.2e-5  # serving.collective_seconds
LINK_EFFICIENCY = 0.545  # serving.link_efficiency
SEQUENCE_SECONDS = 1.01e-5  # serving.sequence_seconds
USABLE_MEMORY = 0.90  # serving.usable_memory
ACTIVATION_BYTES = 3e9  # serving.activation_bytes
LARGEST_BATCH = 2048.0  # serving.largest_batch
FIRST_TOKEN_FACTOR = 0.76  # serving.first_token_factor
CACHE_MINIMUM = 1024.0  # serving.cache_minimum
TIGHT_WEIGHTS = 0.85  # serving.tight_weights

WEIGHT_BYTES = {"bf16": 2.0, "fp16": 2.0, "fp8": 1.0, "int8": 1.0, "int4": 0.5625, "fp4": 0.5625}
"""Bytes per weight; 4-bit formats carry an 8-bit scale per 16 values. [B]"""
CACHE_BYTES = {"bf16": 2.0, "fp16": 2.0, "fp8": 1.0, "int8": 2.0, "int4": 2.0, "fp4": 1.0}
"""Bytes per cached key or value element that goes with the weights by default. [B]"""
