"""Fitted constants; written by `benchmarks/fit_serving.py`, mirrored by rows of `pricing/constants`."""

PHYSICS_FITS: dict[str, float] = {
    "memory_efficiency": 0.921,
    "cache_efficiency": 0.93,
    "matmul_efficiency": 0.719,
    "matmul_efficiency_fp4": 0.36,
    "prefill_efficiency": 0.798,
    "attention_efficiency": 0.371,
    "weight_only_efficiency": 0.328,
    "expert_efficiency": 0.787,
    "expert_tokens": 31.7,
    "overlap": 1.11,
    "collective_seconds": 6.3e-06,
    "link_efficiency": 0.632,
    "reserved_output": 0.985,
    "activation_bytes": 1610000000.0,
    "activation_copies": 27.0,
    "step_tokens": 8190.0,
    "sampling_base": 0.242,
}
ENGINE_FITS: dict[str, dict[str, float]] = {
    "lmdeploy@0.1": {"speed": 0.967, "layer_seconds": 8.37e-05, "step_seconds": 0.000705, "sequence_seconds": 6.86e-06},
    "tensorrt-llm@0.5": {
        "speed": 1.12,
        "layer_seconds": 0.000173,
        "step_seconds": 0.000881,
        "sequence_seconds": 7.25e-06,
    },
    "tensorrt-llm@0.10": {
        "speed": 1.0,
        "layer_seconds": 0.000113,
        "step_seconds": 0.00102,
        "sequence_seconds": 6.59e-06,
    },
    "tensorrt-llm@0.17": {
        "speed": 1.13,
        "layer_seconds": 6.98e-05,
        "step_seconds": 0.000899,
        "sequence_seconds": 1.39e-05,
    },
    "transformers@4": {"speed": 0.689, "layer_seconds": 0.000942, "step_seconds": 0.00101, "sequence_seconds": 7e-06},
    "vllm@0.1": {"speed": 0.986, "layer_seconds": 0.000167, "step_seconds": 0.034, "sequence_seconds": 0.000101},
    "vllm@0.3": {"speed": 1.21, "layer_seconds": 7.17e-05, "step_seconds": 0.005, "sequence_seconds": 5.7e-05},
    "vllm@0.6": {"speed": 1.12, "layer_seconds": 6.76e-05, "step_seconds": 0.00182, "sequence_seconds": 6.68e-06},
    "vllm@0.8": {"speed": 0.935, "layer_seconds": 3.46e-05, "step_seconds": 0.000918, "sequence_seconds": 1.01e-05},
}
