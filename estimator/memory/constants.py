"""Physical constants of the memory model; each is a row of `pricing/constants/memory.csv`, which gives its source."""

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
DEEPSPEED_BUCKET_ELEMENTS = 5e8
"""Row memory.deepspeed_bucket: elements of one reduce bucket. [count]"""
DEEPSPEED_BUCKETS = 2.0
"""Row memory.deepspeed_buckets: buckets when communication overlaps. [count]"""
DEEPSPEED_LIVE_PARAMETERS = 1e9
"""Row memory.deepspeed_live: parameters that stage 3 keeps whole before it releases them. [count]"""
SLACK_STEADY = 0.10
"""Row memory.slack_steady: allocator slack over activations where every block allocates alike. [1]"""
SLACK_RECOMPUTE = 0.4
"""Row memory.slack_recompute: the same where blocks are recomputed between checkpoints. [1]"""
SLACK_UNPACKED = 1.8
"""Row memory.slack_unpacked: further slack over logits where each micro-batch has another length. [1]"""
SLACK_PRESSED = 0.20
"""Row memory.slack_pressed: the same on a nearly full device. [1]"""
