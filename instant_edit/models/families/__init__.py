"""Open models from a folder of safetensors, each behind the ``Denoiser`` protocol."""
