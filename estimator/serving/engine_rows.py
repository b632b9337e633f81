"""Fitted constants of the engine generations; written by `benchmarks/fit_serving.py`, mirrored by rows."""

ENGINE_FITS: dict[str, dict[str, float]] = {
    "lmdeploy@0.1": {"speed": 0.975, "layer_seconds": 6.8e-05, "step_seconds": 0.00093, "sequence_seconds": 7e-06},
    "tensorrt-llm@0.5": {"speed": 1.04, "layer_seconds": 9e-05, "step_seconds": 0.001, "sequence_seconds": 7e-06},
    "tensorrt-llm@0.10": {"speed": 0.985, "layer_seconds": 6.7e-05, "step_seconds": 0.001, "sequence_seconds": 7e-06},
    "tensorrt-llm@0.17": {"speed": 1.1, "layer_seconds": 5.7e-05, "step_seconds": 0.00096, "sequence_seconds": 1.1e-05},
    "transformers@4": {"speed": 0.85, "layer_seconds": 0.00094, "step_seconds": 0.001, "sequence_seconds": 1e-05},
    "vllm@0.1": {"speed": 0.99, "layer_seconds": 0.000165, "step_seconds": 0.03, "sequence_seconds": 0.0001},
    "vllm@0.3": {"speed": 1.06, "layer_seconds": 7.7e-05, "step_seconds": 0.0067, "sequence_seconds": 5.9e-05},
    "vllm@0.6": {"speed": 1.08, "layer_seconds": 7.5e-05, "step_seconds": 0.0015, "sequence_seconds": 7e-06},
    "vllm@0.8": {"speed": 0.955, "layer_seconds": 5.4e-05, "step_seconds": 0.0009, "sequence_seconds": 5.6e-06},
}
