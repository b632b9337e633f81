"""Fitted constants; written by `benchmarks/fit_serving.py`, mirrored by rows of `pricing/constants`."""

PHYSICS_FITS: dict[str, float] = {
    "memory_efficiency": 0.868,
    "cache_efficiency": 0.956,
    "matmul_efficiency": 0.715,
    "matmul_efficiency_fp4": 0.368,
    "prefill_efficiency": 0.848,
    "attention_efficiency": 0.486,
    "weight_only_efficiency": 0.326,
    "expert_efficiency": 0.837,
    "expert_tokens": 26.9,
    "routing_passes": 22.3,
    "overlap": 1.25,
    "collective_seconds": 6.36e-06,
    "link_efficiency": 0.602,
    "reserved_output": 0.974,
    "activation_bytes": 1470000000.0,
    "activation_copies": 22.6,
    "step_tokens": 8190.0,
    "sampling_base": 0.185,
}
ENGINE_FITS: dict[str, dict[str, float]] = {
    "lmdeploy@0.1": {"speed": 0.895, "layer_seconds": 8.23e-05, "step_seconds": 0.000706, "sequence_seconds": 6.93e-06},
    "tensorrt-llm@0.5": {
        "speed": 1.04,
        "layer_seconds": 0.000139,
        "step_seconds": 0.000808,
        "sequence_seconds": 6.74e-06,
    },
    "tensorrt-llm@0.10": {
        "speed": 0.985,
        "layer_seconds": 0.000116,
        "step_seconds": 0.00103,
        "sequence_seconds": 6.58e-06,
    },
    "tensorrt-llm@0.17": {
        "speed": 1.07,
        "layer_seconds": 5.86e-05,
        "step_seconds": 0.000852,
        "sequence_seconds": 9.54e-06,
    },
    "transformers@4": {"speed": 0.943, "layer_seconds": 0.000947, "step_seconds": 0.00101, "sequence_seconds": 7e-06},
    "vllm@0.1": {"speed": 0.996, "layer_seconds": 0.000167, "step_seconds": 0.0341, "sequence_seconds": 0.0001},
    "vllm@0.3": {"speed": 1.1, "layer_seconds": 7.1e-05, "step_seconds": 0.00485, "sequence_seconds": 5.67e-05},
    "vllm@0.6": {"speed": 1.02, "layer_seconds": 5.17e-05, "step_seconds": 0.00199, "sequence_seconds": 6.51e-06},
    "vllm@0.8": {"speed": 0.923, "layer_seconds": 3.54e-05, "step_seconds": 0.000918, "sequence_seconds": 1.24e-05},
}
