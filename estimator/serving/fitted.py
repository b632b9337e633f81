"""Fitted constants; written by `benchmarks/fit_serving.py`, mirrored by rows of `pricing/constants`."""

PHYSICS_FITS: dict[str, float] = {
    "memory_efficiency": 0.922,
    "cache_efficiency": 0.93,
    "matmul_efficiency": 0.711,
    "matmul_efficiency_fp4": 0.363,
    "prefill_efficiency": 0.803,
    "attention_efficiency": 0.415,
    "weight_only_efficiency": 0.319,
    "expert_efficiency": 0.856,
    "expert_tokens": 33.9,
    "routing_passes": 21.6,
    "overlap": 1.12,
    "collective_seconds": 6.28e-06,
    "link_efficiency": 0.622,
    "reserved_output": 0.997,
    "activation_bytes": 1610000000.0,
    "activation_copies": 26.6,
    "step_tokens": 8190.0,
    "sampling_base": 0.22,
}
ENGINE_FITS: dict[str, dict[str, float]] = {
    "lmdeploy@0.1": {"speed": 0.963, "layer_seconds": 8.34e-05, "step_seconds": 0.000704, "sequence_seconds": 6.87e-06},
    "tensorrt-llm@0.5": {
        "speed": 1.12,
        "layer_seconds": 0.000173,
        "step_seconds": 0.000884,
        "sequence_seconds": 7.19e-06,
    },
    "tensorrt-llm@0.10": {
        "speed": 0.997,
        "layer_seconds": 0.00011,
        "step_seconds": 0.00102,
        "sequence_seconds": 6.46e-06,
    },
    "tensorrt-llm@0.17": {
        "speed": 1.11,
        "layer_seconds": 6.9e-05,
        "step_seconds": 0.000901,
        "sequence_seconds": 1.07e-05,
    },
    "transformers@4": {"speed": 0.687, "layer_seconds": 0.000943, "step_seconds": 0.00101, "sequence_seconds": 7e-06},
    "vllm@0.1": {"speed": 0.986, "layer_seconds": 0.000167, "step_seconds": 0.0341, "sequence_seconds": 0.0001},
    "vllm@0.3": {"speed": 1.21, "layer_seconds": 7.18e-05, "step_seconds": 0.00502, "sequence_seconds": 5.71e-05},
    "vllm@0.6": {"speed": 1.11, "layer_seconds": 6.68e-05, "step_seconds": 0.00184, "sequence_seconds": 6.67e-06},
    "vllm@0.8": {"speed": 0.938, "layer_seconds": 3.44e-05, "step_seconds": 0.00092, "sequence_seconds": 1.04e-05},
}
