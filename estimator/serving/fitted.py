"""Fitted constants; written by `benchmarks/fit_serving.py`, mirrored by rows of `pricing/constants`."""

PHYSICS_FITS: dict[str, float] = {
    "memory_efficiency": 0.866,
    "cache_efficiency": 0.958,
    "matmul_efficiency": 0.759,
    "matmul_efficiency_fp4": 0.387,
    "prefill_efficiency": 0.851,
    "attention_efficiency": 0.427,
    "weight_only_efficiency": 0.678,
    "weight_only_reading": 0.87,
    "expert_efficiency": 0.842,
    "expert_tokens": 24.3,
    "routing_passes": 21.5,
    "overlap": 1.17,
    "collective_seconds": 6.71e-06,
    "link_efficiency": 0.582,
    "reserved_output": 0.972,
    "activation_bytes": 1450000000.0,
    "activation_copies": 22.3,
    "step_tokens": 8190.0,
    "sampling_base": 0.189,
}
ENGINE_FITS: dict[str, dict[str, float]] = {
    "lmdeploy@0.1": {"speed": 0.901, "layer_seconds": 7.92e-05, "step_seconds": 0.000707, "sequence_seconds": 6.92e-06},
    "tensorrt-llm@0.5": {
        "speed": 1.04,
        "layer_seconds": 0.000134,
        "step_seconds": 0.00081,
        "sequence_seconds": 6.89e-06,
    },
    "tensorrt-llm@0.10": {
        "speed": 0.98,
        "layer_seconds": 0.000114,
        "step_seconds": 0.00103,
        "sequence_seconds": 6.85e-06,
    },
    "tensorrt-llm@0.17": {
        "speed": 1.08,
        "layer_seconds": 5.77e-05,
        "step_seconds": 0.000846,
        "sequence_seconds": 9.83e-06,
    },
    "transformers@4": {"speed": 0.942, "layer_seconds": 0.000949, "step_seconds": 0.00101, "sequence_seconds": 7e-06},
    "vllm@0.1": {"speed": 0.996, "layer_seconds": 0.000167, "step_seconds": 0.0337, "sequence_seconds": 0.0001},
    "vllm@0.3": {"speed": 1.1, "layer_seconds": 7.1e-05, "step_seconds": 0.00485, "sequence_seconds": 5.67e-05},
    "vllm@0.6": {"speed": 0.966, "layer_seconds": 5.03e-05, "step_seconds": 0.00199, "sequence_seconds": 6.5e-06},
    "vllm@0.8": {"speed": 0.974, "layer_seconds": 3.63e-05, "step_seconds": 0.000889, "sequence_seconds": 1.26e-05},
}
