"""Physical constants of the memory model; each is a row of `pricing/constants/memory.csv`, which gives its source."""

ALLOCATOR_FACTOR = 1.08
"""Row memory.allocator_factor: reserved over live bytes of the caching allocator. [1]"""
CUDA_CONTEXT_BYTES = 0.5e9
"""Row memory.cuda_context: context and loaded kernels of one process. [B]"""
NCCL_BYTES = 1.5e9
"""Row memory.nccl: communicators and their buffers when several devices work together. [B]"""
CUBLAS_WORKSPACE_BYTES = 17_039_360.0
"""Row memory.cublas_workspace: two workspaces of 8,519,680 B, one per thread that multiplies matrices. [B]"""
DEFAULT_MARGIN = 0.05
"""Row memory.margin: share of usable memory kept free by default. [1]"""
DDP_BUCKET_COPIES = 1.0
"""Row memory.ddp_bucket_copies: gradient copies in the reducer's buckets. [1]"""
GATHERED_BLOCKS = 2.0
"""Row memory.gathered_blocks: blocks whose sharded weights are whole at a time. [count]"""
